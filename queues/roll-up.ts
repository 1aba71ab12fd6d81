import { log } from "#adapters/log.ts";
import { hasClickhouse, type ClickhouseEnvironment } from "#adapters/clickhouse/client.ts";
import { recomputeRollups } from "#adapters/clickhouse/recompute-rollups.ts";
import { regionSchema } from "#core/contracts/region.ts";

/** No statement is begun later; the next run, a minute after this one, goes on with what is left. */
const rollUpMs = 40_000;

/** Once a minute: brings the rollups of every region up to date. Never throws; a region that is down holds up no other. */
export async function rollUp(env: ClickhouseEnvironment, nowMs: number): Promise<void> {
  await Promise.all(
    regionSchema.options
      .filter((region) => hasClickhouse(env, region))
      .map(async (region) => {
        const done = await recomputeRollups(env, region, { isOver: () => Date.now() >= nowMs + rollUpMs, random: Math.random });
        if (done.kind === "unavailable") log("rollups_failed", { region, code: done.code });
        else if (done.value.isUnfinished) log("rollups_unfinished", { region });
      }),
  );
}
