import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as z from "zod";
import { spanColumnNames, toSpanRow } from "../../adapters/clickhouse/span-row.ts";
import type { Span } from "../../core/contracts/span.ts";
import { openClickHouse, type ClickHouseEngine } from "../../local/clickhouse/engine.ts";
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
    await this.#ask(query, "JSONEachRow");
  }

  async rows<Row>(query: string, row: z.ZodType<Row>): Promise<Row[]> {
    const text = await this.#ask(query, "JSONEachRow");
    return text.split("\n").flatMap((line) => (line === "" ? [] : [row.parse(JSON.parse(line))]));
  }

  /** CPU of this process while `query` runs; nothing else may run meanwhile. */
  async cpuMicroseconds(query: string): Promise<number> {
    const before = process.cpuUsage();
    await this.run(query);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  }

  /** Inserts spans as rows, by the mapping that the consumer uses. */
  async load(database: string, spans: Iterable<Span>): Promise<Loaded> {
    let count = 0;
    let rawBytes = 0;
    let cpu = 0;
    let rows: string[] = [];
    const flush = async (): Promise<void> => {
      if (rows.length === 0) return;
      cpu += await this.cpuMicroseconds(
        `INSERT INTO ${database}.spans (${spanColumnNames.join(", ")}) FORMAT JSONCompactEachRow\n${rows.join("\n")}`,
      );
      rows = [];
    };
    for (const span of spans) {
      rawBytes += Buffer.byteLength(JSON.stringify(span));
      const batchObject = `raw/${span.homeRegion}/2026-11-01/0-1794000000000/${Math.floor(count / spansOfInsert) + 1}`;
      rows.push(JSON.stringify(toSpanRow({ ...span, batchObject, receivedAtMs: Math.ceil(span.endedAtMs / 500) * 500 })));
      count += 1;
      if (rows.length === spansOfInsert) await flush();
    }
    await flush();
    return { spans: count, rawBytes, insertCpuMicrosecondsPerSpan: cpu / count };
  }

  async #ask(query: string, format: string): Promise<string> {
    const outcome = await this.#engine.run({
      query,
      format,
      database: null,
      queryId: null,
      block: null,
      settings: new Map(),
      parameters: new Map(),
    });
    if (outcome.kind === "refused") throw new Error(`${query.slice(0, 200)}: ${outcome.error.text}`);
    return Buffer.from(outcome.body).toString();
  }
}
