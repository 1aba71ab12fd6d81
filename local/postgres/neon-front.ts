import type { IncomingMessage } from "node:http";
import { DatabaseError, type Pool, type PoolClient, type QueryArrayConfig } from "pg";
import * as z from "zod";
import { headerOf, jsonAnswer, readBody, type Answer } from "../http/server.ts";
import { codeOf } from "../start-failure.ts";

const querySchema = z.object({ query: z.string(), params: z.array(z.unknown()).default([]) });
const batchSchema = z.object({ queries: z.array(querySchema) });
type Query = z.infer<typeof querySchema>;

/** What Neon's driver reads from an error's body, as PostgreSQL names it. */
const errorFields = [
  "severity",
  "code",
  "detail",
  "hint",
  "position",
  "internalPosition",
  "internalQuery",
  "where",
  "schema",
  "table",
  "column",
  "dataType",
  "constraint",
  "file",
  "line",
  "routine",
] as const;

const isolationLevels: Readonly<Record<string, string>> = {
  ReadUncommitted: "ISOLATION LEVEL READ UNCOMMITTED",
  ReadCommitted: "ISOLATION LEVEL READ COMMITTED",
  RepeatableRead: "ISOLATION LEVEL REPEATABLE READ",
  Serializable: "ISOLATION LEVEL SERIALIZABLE",
};

/**
 * Neon's HTTP protocol (`POST /sql`) over a pool of ordinary connections: one query, or `{queries}` in one transaction.
 * `databaseUrl` is the only connection string it serves; another one is refused as a wrong password would be.
 */
export function neonFront(pool: Pool, databaseUrl: string): (request: IncomingMessage) => Promise<Answer> {
  return async (request) => {
    if (request.method !== "POST" || request.url !== "/sql") return jsonAnswer(404, { message: "not found" });
    if (!sameDatabase(headerOf(request, "neon-connection-string"), databaseUrl)) {
      return jsonAnswer(400, { message: "password authentication failed", severity: "FATAL", code: "28P01" });
    }
    const body = parseJson((await readBody(request)).toString("utf8"));
    const isBatch = typeof body === "object" && body !== null && "queries" in body;
    const parsed = (isBatch ? batchSchema : querySchema).safeParse(body);
    if (!parsed.success) return jsonAnswer(400, { message: `invalid request: ${z.prettifyError(parsed.error)}` });
    const output = {
      rawText: headerOf(request, "neon-raw-text-output") === "true",
      arrays: headerOf(request, "neon-array-mode") === "true",
    };
    try {
      if (!("queries" in parsed.data)) return jsonAnswer(200, await runQuery(pool, parsed.data, output));
      const begin = beginStatement(request);
      return begin === null
        ? jsonAnswer(400, { message: "invalid Neon-Batch-Isolation-Level" })
        : jsonAnswer(200, { results: await runBatch(pool, parsed.data.queries, begin, output) });
    } catch (error) {
      return errorAnswer(error);
    }
  };
}

interface Output {
  readonly rawText: boolean;
  readonly arrays: boolean;
}

const rawTextTypes = { getTypeParser: () => (value: string) => value };

async function runQuery(client: Pool | PoolClient, query: Query, output: Output) {
  // The extended protocol refuses several statements in one text, as Neon does.
  const config: QueryArrayConfig & { readonly queryMode: "extended" } = {
    text: query.query,
    values: query.params,
    rowMode: "array",
    queryMode: "extended",
    ...(output.rawText ? { types: rawTextTypes } : {}),
  };
  const result = await client.query<unknown[]>(config);
  const names = result.fields.map((field) => field.name);
  return {
    command: result.command,
    rowCount: result.rowCount,
    fields: result.fields.map((field) => ({ ...field })),
    rows: output.arrays ? result.rows : result.rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]]))),
    rowAsArray: output.arrays,
  };
}

async function runBatch(pool: Pool, queries: readonly Query[], begin: string, output: Output) {
  const client = await pool.connect();
  let broken = false;
  try {
    await client.query(begin);
    const results = [];
    for (const query of queries) results.push(await runQuery(client, query, output));
    await client.query("COMMIT");
    return results;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {
      broken = true;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

function beginStatement(request: IncomingMessage): string | null {
  const level = headerOf(request, "neon-batch-isolation-level");
  const isolation = level === "" ? [] : isolationLevels[level];
  if (isolation === undefined) return null;
  const readOnly = headerOf(request, "neon-batch-read-only") === "true" ? ["READ ONLY"] : [];
  const deferrable = headerOf(request, "neon-batch-deferrable") === "true" ? ["DEFERRABLE"] : [];
  return `BEGIN ${[isolation, readOnly, deferrable].flat().join(", ")}`;
}

function errorAnswer(error: unknown): Answer {
  if (error instanceof DatabaseError) {
    return jsonAnswer(400, {
      message: error.message,
      ...Object.fromEntries(errorFields.map((field) => [field, error[field] ?? null])),
    });
  }
  const reason = codeOf(error) ?? (error instanceof Error ? error.message : String(error));
  return { status: 503, headers: { "content-type": "text/plain" }, body: `PostgreSQL cannot be reached: ${reason}` };
}

function sameDatabase(given: string, expected: string): boolean {
  if (!URL.canParse(given)) return false;
  const [left, right] = [new URL(given), new URL(expected)];
  return (["username", "password", "host", "pathname"] as const).every((part) => left[part] === right[part]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
