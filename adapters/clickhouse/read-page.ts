import type { ClickHouseClient } from "@clickhouse/client-web";
import * as z from "zod";
import type { PageEnd } from "#core/analytics/page-query.ts";
import type { SqlQuery } from "#core/analytics/sql-parameters.ts";
import { readSettings } from "./read-settings.ts";

const pageSchema = z.array(
  z.strictObject({ id: z.string(), sorted_by: z.string() }).transform((row): PageEnd => ({ id: row.id, value: row.sorted_by })),
);

/** The rows of a sorted list, in its order. Throws what the client throws. */
export async function readPage(client: ClickHouseClient, { sql, params }: SqlQuery): Promise<PageEnd[]> {
  const result = await client.query({ query: sql, query_params: { ...params }, clickhouse_settings: readSettings, format: "JSONEachRow" });
  return pageSchema.parse(await result.json());
}

/** The first look goes back this far: a busy project's newest page touches a few granules. */
const firstWindowMs = 3_600_000;
/** How much further each next look goes: twice as far as what was found seems to ask for, within these. */
const windowGrowth = { least: 8, most: 64 } as const;

/** Looks into ever longer windows that end at `untilMs`, until one gives more than `limit` rows or reaches `fromMs`. */
export async function lookBack<Row>(
  bounds: { readonly fromMs: number; readonly untilMs: number; readonly limit: number },
  look: (sinceMs: number) => Promise<Row[]>,
): Promise<Row[]> {
  for (let windowMs = firstWindowMs; ;) {
    const sinceMs = Math.max(bounds.fromMs, bounds.untilMs - windowMs);
    const found = await look(sinceMs);
    if (found.length > bounds.limit || sinceMs <= bounds.fromMs) return found;
    windowMs *= Math.min(windowGrowth.most, Math.max(windowGrowth.least, (2 * bounds.limit) / found.length));
  }
}
