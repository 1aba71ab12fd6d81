import { until } from "../processes/until.ts";
import { countOf } from "./count-of.ts";
import type { Database } from "./database.ts";

const settleMs = 20 * 60_000;

/** Until ClickHouse merges no more and the rollups have all that is there: what a dashboard finds on any day. */
export async function settle(database: Database, say: (text: string) => void): Promise<void> {
  const filledAt = await countOf(database, "SELECT toUnixTimestamp(max(inserted_at)) AS count FROM spans");
  await until("merges and rollups to end", settleMs, async () => {
    const merges = await countOf(database, "SELECT count() AS count FROM system.merges WHERE database = currentDatabase()");
    const through = await countOf(database, "SELECT toUnixTimestamp(max(through)) AS count FROM rollup_progress");
    if (merges > 0 || through < filledAt) throw new Error(`${merges} merges, rollups ${filledAt - through} s behind`);
  }).catch((error: unknown) => {
    say(String(error instanceof Error ? (error.cause ?? error) : error));
  });
}
