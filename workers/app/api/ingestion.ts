import { regionSchema } from "#core/contracts/region.ts";
import { judgeAll, judgeRegion, lagMsOf } from "#core/operations/ingestion-verdict.ts";
import { readIngestion } from "#queues/read-ingestion.ts";
import { readDependencies } from "../dependencies.ts";
import type { Handler } from "./handler.ts";

export const getIngestion: Handler<"getIngestion"> = async (env) => {
  const nowMs = Date.now();
  const regions = await Promise.all(
    regionSchema.options.map(async (region) => {
      const facts = await readIngestion(env, region, nowMs);
      const { verdict, reasons } = judgeRegion(facts);
      return { ...facts, verdict, reasons: [...reasons], lagMs: lagMsOf(facts) };
    }),
  );
  const { verdict, reasons } = judgeAll(regions);
  return { kind: "answered", value: { verdict, reasons: [...reasons], regions } };
};

export const getDependencies: Handler<"getDependencies"> = async (env) => ({
  kind: "answered",
  value: { dependencies: await readDependencies(env) },
});
