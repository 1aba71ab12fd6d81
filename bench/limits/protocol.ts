import { availableParallelism } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { startChild } from "../processes/parent.ts";

export interface ProtocolReport {
  readonly steps: number;
  /** The first invariant that broke; `null`: none did. */
  readonly violation: string | null;
  readonly seconds: number;
  readonly processes: number;
}

const outcomeSchema = z.strictObject({ steps: z.int(), violation: z.string().nullable() });

/** A process can do no more at once, and the machine must go on meanwhile. */
const stepsAtOnce = 1_000_000;

/** Random steps of the protocol, divided among as many processes as there are cores; each million has a seed of its own. */
export async function runProtocol(steps: number, directory: string, say: (text: string) => void): Promise<ProtocolReport> {
  const processes = availableParallelism();
  const seeds = Array.from({ length: Math.ceil(steps / stepsAtOnce) }, (_, index) => index + 1);
  const startedMs = performance.now();
  let [taken, violation]: [number, string | null] = [0, null];
  await Promise.all(
    Array.from({ length: processes }, async (_, index) => {
      const child = await startChild(new URL("steps.ts", import.meta.url), [], join(directory, `steps-${index}.log`));
      try {
        for (let seed = seeds.shift(); seed !== undefined && violation === null; seed = seeds.shift()) {
          const outcome = outcomeSchema.parse(await child.ask({ steps: stepsAtOnce, seed }));
          taken += outcome.steps;
          violation ??= outcome.violation === null ? null : `seed ${seed}: ${outcome.violation}`;
          if (seed % 10 === 0) say(`${taken.toLocaleString("en")} random steps of the protocol`);
        }
      } finally {
        await child.stop();
      }
    }),
  );
  return { steps: taken, violation, seconds: Math.round((performance.now() - startedMs) / 1_000), processes };
}
