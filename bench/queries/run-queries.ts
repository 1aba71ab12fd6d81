import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { organizationIdSchema, projectIdSchema } from "../../core/contracts/id.ts";
import { Random } from "../../local/demo/random.ts";
import { percentile } from "../gateway/percentile.ts";
import { startSystem, type LocalSystem } from "../system.ts";
import { Database } from "./database.ts";
import { countOf } from "./count-of.ts";
import { fill } from "./fill.ts";
import { queries, type Facts } from "./queries.ts";
import { settle } from "./settle.ts";

/** Each on a fresh system. */
const sizes = [500_000, 5_000_000] as const;
/** Of each query; P95 is then the slowest but one. */
const repetitions = 20;
const dayMs = 86_400_000;
const lengthMs = 30 * dayMs;

export interface QueryFigures {
  readonly title: string;
  readonly group: (typeof queries)[number]["group"];
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Not answered with 200, with what was said the first time. */
  readonly failed: string | null;
}

interface SizeFigures {
  readonly spans: number;
  readonly figures: readonly QueryFigures[];
}

export interface QueriesReport {
  readonly sizes: readonly SizeFigures[];
  readonly seconds: number;
}

/** Fills a system's ClickHouse and asks its control API, cold each time. */
export async function runQueries(say: (text: string) => void): Promise<QueriesReport> {
  const startedMs = performance.now();
  const measured: SizeFigures[] = [];
  for (const spans of sizes) measured.push(await runSize(spans, say));
  return { sizes: measured, seconds: Math.round((performance.now() - startedMs) / 1000) };
}

async function runSize(spans: number, say: (text: string) => void): Promise<SizeFigures> {
  const directory = mkdtempSync(join(tmpdir(), "evalforge-bench-"));
  const removeDirectory = (): void => rmSync(directory, { recursive: true, force: true });
  process.on("exit", removeDirectory);
  const system = await startSystem(directory, {});
  try {
    const database = new Database(system.clickhouseUrl, "evalforge_us_east");
    const toMs = Math.floor(Date.now() / dayMs) * dayMs;
    const fromMs = toMs - lengthMs;
    say(`filling with ${spans} spans`);
    const project = {
      organizationId: organizationIdSchema.parse("0193c5a0-0000-7000-8000-000000000001"),
      projectId: projectIdSchema.parse(system.projectId),
      homeRegion: "us-east",
    } as const;
    await fill(database, { seed: "queries", project, fromMs, toMs }, spans);
    await settle(database, say);
    const facts = await factsOf(database, fromMs, toMs);
    const figures: QueryFigures[] = [];
    for (const query of queries) {
      figures.push(await measure(system, database, query, facts));
      say(`${spans}: ${query.title}: ${JSON.stringify(figures.at(-1))}`);
    }
    return { spans: await countOf(database, "SELECT count() AS count FROM spans"), figures };
  } finally {
    await system.stop();
    removeDirectory();
  }
}

async function factsOf(database: Database, fromMs: number, toMs: number): Promise<Facts> {
  const some = async (column: string): Promise<string[]> => {
    const rows = await database.rows(
      `SELECT DISTINCT ${column} AS id FROM spans WHERE ${column} != '' AND started_at < fromUnixTimestamp64Milli(${toMs}, 'UTC') ORDER BY cityHash64(${column}) LIMIT 200`,
      z.object({ id: z.string() }),
    );
    return rows.map(({ id }) => id);
  };
  return { fromMs, toMs, traceIds: await some("trace_id"), sessionIds: await some("session_id"), userIds: await some("user_id") };
}

const cursorSchema = z.object({ nextCursor: z.string().nullable() });

async function measure(system: LocalSystem, database: Database, query: (typeof queries)[number], facts: Facts): Promise<QueryFigures> {
  const random = new Random(`query ${query.title}`);
  const took: number[] = [];
  let failed: string | null = null;
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const [path, parameters] = query.request(random, facts);
    let cursor: string | null = null;
    for (let page = query.page ?? 1; page > 0; page -= 1) {
      const search = new URLSearchParams({ ...parameters, ...(cursor === null ? {} : { cursor }) });
      for (const cache of ["MARK", "UNCOMPRESSED", "QUERY"]) await database.run(`SYSTEM DROP ${cache} CACHE`);
      const startedMs = performance.now();
      const response = await fetch(`${system.apiUrl}/api/projects/${system.projectId}${path}?${search.toString()}`, {
        headers: { authorization: `Bearer ${system.adminKey}` },
      });
      const text = await response.text();
      if (page === 1) took.push(performance.now() - startedMs);
      if (response.status !== 200) failed ??= `${response.status}: ${text.slice(0, 200)}`;
      else if (page > 1) cursor = cursorSchema.parse(JSON.parse(text)).nextCursor;
      if (page > 1 && cursor === null) break;
    }
  }
  const sorted = Float64Array.from(took).sort();
  return { title: query.title, group: query.group, p50Ms: percentile(sorted, 0.5), p95Ms: percentile(sorted, 0.95), failed };
}
