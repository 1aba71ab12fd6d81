import * as z from "zod";
import type { Region } from "#core/contracts/region.ts";
import { clickhouseOf, type ClickhouseEnvironment } from "./client.ts";

const newestSchema = z.array(z.strictObject({ newest: z.int() }));

/**
 * When the newest of the stored spans was accepted, epoch milliseconds; `null`: none in the last day. An index on the
 * time leaves out the rest. Throws what the client throws, within `limitMs`.
 */
export async function newestReceivedAtMs(
  env: ClickhouseEnvironment,
  region: Region,
  { nowMs, limitMs }: { readonly nowMs: number; readonly limitMs: number },
): Promise<number | null> {
  const result = await clickhouseOf(env, region).query({
    query: `SELECT toUnixTimestamp64Micro(max(received_at)) AS newest FROM spans
      WHERE received_at >= fromUnixTimestamp64Milli({sinceMs:Int64}, 'UTC')`,
    query_params: { sinceMs: nowMs - 86_400_000 },
    format: "JSONEachRow",
    abort_signal: AbortSignal.timeout(limitMs),
  });
  const [row] = newestSchema.parse(await result.json());
  return row === undefined || row.newest === 0 ? null : row.newest / 1000;
}
