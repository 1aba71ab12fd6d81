import * as z from "zod";
import type { ProjectId, Sha256 } from "#core/contracts/id.ts";
import type { Region } from "#core/contracts/region.ts";
import type { Expiry } from "#core/operations/retention.ts";
import { clickhouseOf, type ClickhouseEnvironment } from "./client.ts";

interface ExpiringTable {
  /** The column of the time that a row's age counts from. */
  readonly time: string;
  /** What becomes of columns that hold what was said; none: only whole rows go. `null`: the table holds none. */
  readonly texts: { readonly isThere: string; readonly assignments: readonly string[] } | null;
}

const sides = ["input", "output"] as const;

/** Every table that holds rows of projects. */
const expiringTables = {
  spans: {
    time: "started_at",
    texts: {
      isThere: [
        ...sides.map((side) => `${side}_kind != 'omitted'`),
        "parameters != '{}'",
        "error_message != ''",
        "notEmpty(mapKeys(upstream_request_changed_fields))",
      ].join(" OR "),
      assignments: [
        ...sides.flatMap((side) => [
          `${side}_omitted_reason = if(${side}_kind = 'omitted', ${side}_omitted_reason, 'expired')`,
          `${side}_kind = 'omitted'`,
          ...["media_type", "text", "preview", "sha256"].map((column) => `${side}_${column} = ''`),
          `${side}_bytes = 0`,
        ]),
        "parameters = '{}'",
        "error_message = ''",
        "upstream_request_changed_fields = map()",
      ],
    },
  },
  scores: { time: "judged_at", texts: { isThere: "comment != ''", assignments: ["comment = ''"] } },
  trace_times: { time: "last_started_at", texts: null },
  // A bucket goes when all of it is over.
  rollups: { time: "(toDateTime64(bucket, 6, 'UTC') + toIntervalSecond(level))", texts: null },
} as const satisfies Record<string, ExpiringTable>;

const namesSchema = z.array(z.strictObject({ name: z.string() }));
const countSchema = z.array(z.strictObject({ rows: z.int() }));

/** Whether mutations of an earlier start still run; another start waits for them. Throws what the client throws. */
export async function isExpiring(env: ClickhouseEnvironment, region: Region): Promise<boolean> {
  const result = await clickhouseOf(env, region).query({
    query: `SELECT toUInt32(count()) AS rows FROM system.mutations
      WHERE database = currentDatabase() AND table IN {tables:Array(String)} AND NOT is_done AND NOT is_killed`,
    query_params: { tables: Object.keys(expiringTables) },
    format: "JSONEachRow",
  });
  return (countSchema.parse(await result.json())[0]?.rows ?? 0) > 0;
}

/**
 * Lets the rows go whose time is over, and of younger ones what was said. The server works on it afterwards, parts
 * without such rows untouched; `isExpiring` tells when it has ended. May be repeated. Throws what the client throws.
 */
export async function startExpiry(env: ClickhouseEnvironment, region: Region, expiries: readonly Expiry[]): Promise<void> {
  const present = await presentTables(env, region);
  for (const [table, { time, texts }] of Object.entries<ExpiringTable>(expiringTables)) {
    // A table of a newer migration may not be there yet.
    if (!present.has(table)) continue;
    await mutate(env, region, {
      table,
      time,
      where: null,
      command: "DELETE",
      moments: expiries.map(({ projectId, spansBeforeMs }) => ({ projectId, beforeMs: spansBeforeMs })),
    });
    if (texts === null) continue;
    await mutate(env, region, {
      table,
      time,
      where: texts.isThere,
      command: `UPDATE ${texts.assignments.join(", ")}`,
      moments: expiries.map(({ projectId, payloadsBeforeMs }) => ({ projectId, beforeMs: payloadsBeforeMs })),
    });
  }
}

async function presentTables(env: ClickhouseEnvironment, region: Region): Promise<Set<string>> {
  const result = await clickhouseOf(env, region).query({
    query: "SELECT name FROM system.tables WHERE database = currentDatabase() AND name IN {tables:Array(String)}",
    query_params: { tables: Object.keys(expiringTables) },
    format: "JSONEachRow",
  });
  return new Set(namesSchema.parse(await result.json()).map(({ name }) => name));
}

interface Mutation {
  readonly table: string;
  readonly time: string;
  /** Beside that their time is over; `null`: nothing. */
  readonly where: string | null;
  readonly command: string;
  readonly moments: Moments;
}

type Moments = readonly { readonly projectId: ProjectId; readonly beforeMs: number | null }[];

/** What is over of a table, as a condition and its parameters; `null`: nothing can be. */
export function isOver(time: string, moments: Moments): { readonly condition: string; readonly params: Record<string, unknown> } | null {
  const over = moments.flatMap(({ projectId, beforeMs }) => (beforeMs === null ? [] : [{ projectId, micros: Math.ceil(beforeMs * 1000) }]));
  if (over.length === 0) return null;
  return {
    // The first two let the table's key leave out most of it.
    condition: `project_id IN {projects:Array(UUID)} AND ${time} < fromUnixTimestamp64Micro({latest:Int64}, 'UTC')
      AND arrayExists((project, before) -> project_id = project AND toUnixTimestamp64Micro(${time}) < before,
        {projects:Array(UUID)}, {moments:Array(Int64)})`,
    params: {
      projects: over.map(({ projectId }) => projectId),
      moments: over.map(({ micros }) => micros),
      latest: Math.max(...over.map(({ micros }) => micros)),
    },
  };
}

/** One mutation for all projects, since each goes through the parts anew; none where no row is concerned. */
async function mutate(env: ClickhouseEnvironment, region: Region, { table, time, where, command, moments }: Mutation): Promise<void> {
  const over = isOver(time, moments);
  if (over === null) return;
  const client = clickhouseOf(env, region);
  const condition = where === null ? over.condition : `${over.condition} AND (${where})`;
  const found = await client.query({
    query: `SELECT toUInt32(count()) AS rows FROM (SELECT 1 FROM ${table} WHERE ${condition} LIMIT 1)`,
    query_params: over.params,
    format: "JSONEachRow",
  });
  if ((countSchema.parse(await found.json())[0]?.rows ?? 0) === 0) return;
  await client.command({
    query: `ALTER TABLE ${table} ${command} WHERE ${condition}`,
    query_params: over.params,
    clickhouse_settings: { mutations_sync: "0" },
  });
}

const referredSchema = z.array(z.strictObject({ sha256: z.string() }));

/** Which of a project's payloads some span still refers to. Throws what the client throws. */
export async function referredPayloads(
  env: ClickhouseEnvironment,
  region: Region,
  projectId: ProjectId,
  hashes: readonly Sha256[],
): Promise<Set<string>> {
  const result = await clickhouseOf(env, region).query({
    query: `SELECT DISTINCT arrayJoin([input_sha256, output_sha256]) AS sha256 FROM spans
      WHERE project_id = {projectId:UUID} AND (input_sha256 IN {hashes:Array(String)} OR output_sha256 IN {hashes:Array(String)})`,
    query_params: { projectId, hashes: [...hashes] },
    format: "JSONEachRow",
  });
  return new Set(referredSchema.parse(await result.json()).map(({ sha256 }) => sha256));
}
