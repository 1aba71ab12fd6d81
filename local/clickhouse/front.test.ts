import { ClickHouseError, createClient, type ClickHouseClient } from "@clickhouse/client-web";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, test } from "vitest";
import { serveHttp } from "../http/server.ts";
import { host } from "../ports.ts";
import { openClickHouse } from "./engine.ts";
import { clickHouseFront } from "./front.ts";

const login = { user: "evalforge", password: "pass word" };
let base: string;
let client: ClickHouseClient;
let stop: () => Promise<void>;

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), "evalforge-clickhouse-"));
  const engine = await openClickHouse(directory, ["one", "two"]);
  const front = await serveHttp(0, clickHouseFront(engine, login));
  base = `http://${host}:${front.port}`;
  client = connectTo("one");
  await client.command({
    query: `CREATE TABLE events (id UInt64, at DateTime64(6), text String) ENGINE = MergeTree ORDER BY id
      SETTINGS non_replicated_deduplication_window = 1000`,
  });
  stop = async () => {
    await client.close();
    await front.close();
    await engine.close();
    await rm(directory, { recursive: true, force: true });
  };
});
afterAll(() => stop());

function connectTo(database: string, password = login.password): ClickHouseClient {
  return createClient({ url: base, username: login.user, password, database, keep_alive: { enabled: false } });
}

async function rowsOf(query: string, parameters: Record<string, unknown> = {}): Promise<unknown[]> {
  const result = await client.query({ query, query_params: parameters, format: "JSONEachRow" });
  return result.json();
}

describe("ClickHouse's client over the front", () => {
  test("answers a ping", async ({ expect }) => {
    expect(await client.ping()).toEqual({ success: true });
  });

  test("takes as many parameters as a page of two hundred traces has", async ({ expect }) => {
    const ids = Array.from({ length: 2_000 }, (_, at) => at.toString(16).padStart(32, "0"));
    expect(await rowsOf("SELECT length({ids:Array(String)}) AS count", { ids })).toEqual([{ count: expect.anything() }]);
  });

  test("binds parameters of every kind as they were given", async ({ expect }) => {
    const text = "tab\t quote' back\\slash \n é {x:Int8}";
    expect(
      await rowsOf("SELECT {text:String} AS text, {list:Array(String)} AS list, {none:Nullable(String)} AS none, {n:UInt64} AS n", {
        text,
        list: ["a'", "b\\"],
        none: null,
        n: "18446744073709551615",
      }),
    ).toEqual([{ text, list: ["a'", "b\\"], none: null, n: expect.anything() }]);
  });

  test("takes a DateTime64(6) as seconds with a fraction, to the microsecond", async ({ expect }) => {
    expect(
      await rowsOf("SELECT toUnixTimestamp64Micro({at:DateTime64(6)}) = 1700000000123456 AS same", { at: "1700000000.123456" }),
    ).toEqual([{ same: 1 }]);
  });

  test("refuses a parameter that is not given, also where an earlier query gave it", async ({ expect }) => {
    for (let round = 0; round < 4; round += 1) await rowsOf("SELECT {given:UInt8} AS x", { given: 1 });
    await expect(rowsOf("SELECT {given:UInt8} AS x")).rejects.toMatchObject({ code: "456", type: "UNKNOWN_QUERY_PARAMETER" });
  });

  test("applies settings to their own query only", async ({ expect }) => {
    const query = "SELECT getSetting('max_block_size') AS size";
    const set = await client.query({ query, format: "JSONEachRow", clickhouse_settings: { max_block_size: "123" } });
    expect(await set.json()).toEqual([{ size: 123 }]);
    for (let round = 0; round < 4; round += 1) expect(await rowsOf(query)).not.toEqual([{ size: 123 }]);
  });

  test("an insert with a token that was used is one insert", async ({ expect }) => {
    const rows = [
      { id: 1, at: "1700000000.000001", text: "a\nb" },
      { id: 2, at: "2026-01-02 03:04:05.6", text: "é" },
    ];
    const insert = async (token: string) =>
      client.insert({
        table: "events",
        values: rows,
        format: "JSONEachRow",
        clickhouse_settings: { deduplicate_insert: "enable", insert_deduplication_token: token, async_insert: 0, wait_for_async_insert: 1 },
      });
    await insert("first");
    await insert("first");
    expect(await rowsOf("SELECT * FROM events ORDER BY id")).toEqual([
      { id: 1, at: "2023-11-14 22:13:20.000001", text: "a\nb" },
      { id: 2, at: "2026-01-02 03:04:05.600000", text: "é" },
    ]);
    await insert("second");
    expect(await rowsOf("SELECT count() AS count FROM events")).toEqual([{ count: 4 }]);
  });

  test("keeps databases apart", async ({ expect }) => {
    const other = connectTo("two");
    await expect(other.query({ query: "SELECT * FROM events" })).rejects.toMatchObject({ type: "UNKNOWN_TABLE" });
    await other.close();
  });

  test("answers queries side by side", async ({ expect }) => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => rowsOf("SELECT {n:UInt8} AS n", { n })));
    expect(answers).toEqual(Array.from({ length: 20 }, (_, n) => [{ n }]));
  });

  test("throws the engine's own error with code and name", async ({ expect }) => {
    const error: unknown = await rowsOf("SELECT nothing").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ClickHouseError);
    expect(error).toMatchObject({ code: "47", type: "UNKNOWN_IDENTIFIER" });
  });

  test("refuses another password", async ({ expect }) => {
    const stranger = connectTo("one", "guess");
    await expect(stranger.query({ query: "SELECT 1" })).rejects.toMatchObject({ code: "516", type: "AUTHENTICATION_FAILED" });
    await stranger.close();
  });
});

describe("ClickHouse's HTTP interface", () => {
  const authorization = `Basic ${Buffer.from(`${login.user}:${login.password}`).toString("base64")}`;

  test("takes a zipped body after the query of the URL", async ({ expect }) => {
    const query = encodeURIComponent("INSERT INTO one.events FORMAT JSONEachRow");
    const inserted = await fetch(`${base}/?query=${query}`, {
      method: "POST",
      headers: { authorization, "content-encoding": "gzip" },
      body: gzipSync(JSON.stringify({ id: 77, at: 0, text: "zipped" })),
    });
    expect([inserted.status, await inserted.text()]).toEqual([200, ""]);
    expect(await rowsOf("SELECT text FROM events WHERE id = 77")).toEqual([{ text: "zipped" }]);
  });

  test("names the exception's code in a header", async ({ expect }) => {
    const response = await fetch(base, { method: "POST", headers: { authorization }, body: "SELEC 1" });
    expect([response.status, response.headers.get("x-clickhouse-exception-code"), await response.text()]).toEqual([
      400,
      "62",
      expect.stringMatching(/^Code: 62\. DB::Exception: Syntax error.*\(SYNTAX_ERROR\)/s),
    ]);
  });

  test("answers TabSeparated unless the query or the URL says otherwise", async ({ expect }) => {
    const answer = async (path: string, query: string) =>
      (await fetch(`${base}/${path}`, { method: "POST", headers: { authorization }, body: query })).text();
    expect([
      await answer("", "SELECT 1, 'a'"),
      await answer("?default_format=CSV", "SELECT 1, 'a'"),
      await answer("", "SELECT 1 FORMAT JSONEachRow"),
    ]).toEqual(["1\ta\n", '1,"a"\n', '{"1":1}\n']);
  });
});
