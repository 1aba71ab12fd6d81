// A process of its own: random steps of the escrow protocol, with a seed of its own.
import { setPriority } from "node:os";
import * as z from "zod";
import { escrow } from "../../core/limits/simulation-tree.fixture.ts";
import { simulate } from "../../core/limits/simulation.fixture.ts";
import { answerParent, tellParent } from "../processes/child.ts";

const orderSchema = z.strictObject({ steps: z.int(), seed: z.int() });

// Minutes of all cores: what else runs comes first.
setPriority(10);
answerParent(async (value) => {
  const { steps, seed } = orderSchema.parse(value);
  const outcome = simulate(steps, seed, escrow);
  return { steps: outcome.steps, violation: outcome.violation };
});
tellParent({ kind: "ready", url: "" });
