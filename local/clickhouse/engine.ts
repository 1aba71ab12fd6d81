import { Session } from "chdb";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clickHouseError, fromThrown, type ClickHouseError } from "./error.ts";
import { fromFile, isInsert, literal, placeholdersOf, type ClickHouseRequest } from "./http-request.ts";

export type QueryOutcome =
  | {
      readonly kind: "answered";
      readonly body: Uint8Array;
      readonly rowsRead: number;
      readonly bytesRead: number;
      readonly elapsedMs: number;
    }
  | { readonly kind: "refused"; readonly error: ClickHouseError };

export interface ClickHouseEngine {
  readonly run: (request: ClickHouseRequest) => Promise<QueryOutcome>;
  /** Waits for what runs, then closes the data directory. */
  readonly close: () => Promise<void>;
}

/** Inserts share one session: more would only wait for each other inside the engine. */
const querySessions = 3;

/** Opens the embedded ClickHouse on `directory`, with these databases in it. A damaged directory may abort the process. */
export async function openClickHouse(directory: string, databases: readonly string[]): Promise<ClickHouseEngine> {
  const inserts = createPool([new Session(directory)]);
  const queries = createPool(Array.from({ length: querySessions }, () => new Session(directory)));
  for (const database of databases) {
    await queries.use((session) => session.engine.queryAsync(`CREATE DATABASE IF NOT EXISTS \`${database}\``));
  }
  const blocks = await mkdtemp(join(tmpdir(), "evalforge-blocks-"));
  let blocksWritten = 0;
  return {
    run: async (request) => {
      if (request.block === null) return await (isInsert(request.query) ? inserts : queries).use((session) => runOn(session, request));
      // The engine takes no bytes with a statement, only text.
      const path = join(blocks, String((blocksWritten += 1)));
      try {
        await writeFile(path, request.block);
        return await inserts.use((session) => runOn(session, { ...request, query: fromFile(request.query, path) }));
      } finally {
        await rm(path, { force: true });
      }
    },
    close: async () => {
      await Promise.all([inserts.close(), queries.close()]);
      await rm(blocks, { recursive: true, force: true });
    },
  };
}

interface PooledSession {
  readonly engine: Session;
  database: string | null;
  /** Query parameters cannot be unset, so a query that forgets one would silently get the value of an earlier query. */
  readonly bound: Set<string>;
}

async function runOn(session: PooledSession, request: ClickHouseRequest): Promise<QueryOutcome> {
  const forgotten = placeholdersOf(isInsert(request.query) ? "" : request.query).find(
    (name) => session.bound.has(name) && !request.parameters.has(name),
  );
  if (forgotten !== undefined) {
    const error = clickHouseError(456, "UNKNOWN_QUERY_PARAMETER", `Substitution \`${forgotten}\` is not set.`);
    return { kind: "refused", error };
  }
  try {
    if (request.database !== null && request.database !== session.database) {
      await session.engine.queryAsync(`USE \`${request.database.replaceAll("`", "")}\``);
      session.database = request.database;
    }
    await assign(session, request);
    const result = await session.engine.queryAsync(request.query, { format: request.format });
    return {
      kind: "answered",
      body: result.bytes(),
      rowsRead: result.rowsRead,
      bytesRead: result.bytesRead,
      elapsedMs: result.elapsed * 1_000,
    };
  } catch (error) {
    return { kind: "refused", error: fromThrown(error) };
  } finally {
    await forgetSettings(session, request);
  }
}

/** Settings and parameters hold for every kind of statement this way; a SETTINGS clause has no place in many. */
async function assign(session: PooledSession, request: ClickHouseRequest): Promise<void> {
  for (const name of request.parameters.keys()) session.bound.add(name);
  const assignments = [
    ...[...request.settings].map(([name, value]) => `${identifier(name)} = ${literal(value)}`),
    ...[...request.parameters].map(([name, value]) => `param_${identifier(name)} = ${literal(value)}`),
  ];
  if (assignments.length > 0) await session.engine.queryAsync(`SET ${assignments.join(", ")}`);
}

async function forgetSettings(session: PooledSession, request: ClickHouseRequest): Promise<void> {
  const names = [...request.settings.keys()].filter((name) => /^\w+$/.test(name));
  if (names.length === 0) return;
  try {
    await session.engine.queryAsync(`SET ${names.map((name) => `${name} = DEFAULT`).join(", ")}`);
  } catch {
    // One of them is unknown, and so none was set.
  }
}

function identifier(name: string): string {
  if (!/^\w+$/.test(name)) throw new Error(`Code: 115. DB::Exception: Unknown setting '${name}'. (UNKNOWN_SETTING)`);
  return name;
}

interface SessionPool {
  /** Runs `work` on a session that nothing else uses meanwhile, first come first served. */
  readonly use: <Result>(work: (session: PooledSession) => Promise<Result>) => Promise<Result>;
  readonly close: () => Promise<void>;
}

function createPool(engines: readonly Session[]): SessionPool {
  const idle: PooledSession[] = engines.map((engine) => ({ engine, database: null, bound: new Set() }));
  const waiting: ((session: PooledSession) => void)[] = [];

  const take = () => {
    const session = idle.pop();
    return session === undefined ? new Promise<PooledSession>((resolve) => waiting.push(resolve)) : Promise.resolve(session);
  };
  const giveBack = (session: PooledSession) => {
    const next = waiting.shift();
    if (next === undefined) idle.push(session);
    else next(session);
  };
  return {
    use: async (work) => {
      const session = await take();
      try {
        return await work(session);
      } finally {
        giveBack(session);
      }
    },
    close: async () => {
      const sessions = await Promise.all(engines.map(take));
      for (const session of sessions) session.engine.close();
    },
  };
}
