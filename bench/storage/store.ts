import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as z from "zod";
import { encodeBlock } from "../../adapters/clickhouse/native/encode-block.ts";
import { spanColumns } from "../../adapters/clickhouse/span-row.ts";
import type { StoredSpan } from "../../core/contracts/api/traces.ts";
import type { Span } from "../../core/contracts/span.ts";
import { openClickHouse, type ClickHouseEngine } from "../../local/clickhouse/engine.ts";
import type { ClickHouseRequest } from "../../local/clickhouse/http-request.ts";
import { clickHouseFront } from "../../local/clickhouse/front.ts";
import { serveHttp } from "../../local/http/server.ts";
import { applyClickhouse } from "../../migrations/apply-clickhouse.ts";

/** What a store took and what that cost this process, in which the engine runs. */
export interface Loaded {
  readonly spans: number;
  /** Of the spans as JSON in UTF-8, as they travel. */
  readonly rawBytes: number;
  readonly insertCpuMicrosecondsPerSpan: number;
}

/** As many spans come in one object of about 2 MB. */
const spansOfInsert = 200;

/** As the consumer's inserts: merges make the index of the search. */
const insertSettings = "exclude_materialize_skip_indexes_on_insert = 'spans_search'";

/** A fresh embedded ClickHouse with a migrated database for each name. */
export class Store {
  readonly #engine: ClickHouseEngine;

  static async open(databases: readonly string[]): Promise<Store> {
    const directory = mkdtempSync(join(tmpdir(), "evalforge-bench-"));
    // However the run ends.
    process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
    const engine = await openClickHouse(directory, databases);
    const login = { user: "bench", password: "bench" };
    const front = await serveHttp(0, clickHouseFront(engine, login));
    for (const database of databases) {
      const applied = await applyClickhouse(database, `http://${login.user}:${login.password}@127.0.0.1:${front.port}/${database}`);
      if (applied.kind === "failed") throw new Error(applied.message);
    }
    await front.close();
    return new Store(engine);
  }

  private constructor(engine: ClickHouseEngine) {
    this.#engine = engine;
  }

  async close(): Promise<void> {
    await this.#engine.close();
  }

  async run(query: string): Promise<void> {
    await this.#ask({ query, block: null, format: "JSONEachRow" });
  }

  async rows<Row>(query: string, row: z.ZodType<Row>): Promise<Row[]> {
    const text = await this.#ask({ query, block: null, format: "JSONEachRow" });
    return text.split("\n").flatMap((line) => (line === "" ? [] : [row.parse(JSON.parse(line))]));
  }

  /** CPU of this process while `query` runs; nothing else may run meanwhile. */
  async cpuMicroseconds(query: string): Promise<number> {
    return await this.#cpuMicroseconds(async () => {
      await this.run(query);
    });
  }

  async #cpuMicroseconds(work: () => Promise<unknown>): Promise<number> {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    return user + system;
  }

  /** Inserts spans as rows, by the mapping that the consumer uses. */
  async load(database: string, spans: Iterable<Span>): Promise<Loaded> {
    let count = 0;
    let rawBytes = 0;
    let cpu = 0;
    let rows: StoredSpan[] = [];
    const flush = async (): Promise<void> => {
      if (rows.length === 0) return;
      const block = await encodeBlock(spanColumns, rows);
      const query = `INSERT INTO ${database}.spans (${block.columnNames.join(", ")}) SETTINGS ${insertSettings} FORMAT Native`;
      cpu += await this.#cpuMicroseconds(async () => await this.#ask({ query, block: block.bytes, format: "JSONEachRow" }));
      rows = [];
    };
    for (const span of spans) {
      rawBytes += Buffer.byteLength(JSON.stringify(span));
      const batchObject = `raw/${span.homeRegion}/2026-11-01/0-1794000000000/${Math.floor(count / spansOfInsert) + 1}`;
      rows.push({ ...span, batchObject, receivedAtMs: Math.ceil(span.endedAtMs / 500) * 500 });
      count += 1;
      if (rows.length === spansOfInsert) await flush();
    }
    await flush();
    return { spans: count, rawBytes, insertCpuMicrosecondsPerSpan: cpu / count };
  }

  async #ask(request: Pick<ClickHouseRequest, "query" | "block" | "format">): Promise<string> {
    const outcome = await this.#engine.run({ ...request, database: null, queryId: null, settings: new Map(), parameters: new Map() });
    if (outcome.kind === "refused") throw new Error(`${request.query.slice(0, 200)}: ${outcome.error.text}`);
    return Buffer.from(outcome.body).toString();
  }
}
