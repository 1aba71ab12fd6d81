import { describe, test } from "vitest";
import { clickHouseError, fromThrown } from "./error.ts";
import { fromFile, isInsert, literal, parseClickHouseRequest, placeholdersOf } from "./http-request.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

test("a query is the URL's followed by the body; what is neither the interface's nor a parameter is a setting", ({ expect }) => {
  const search = new URLSearchParams({
    query: "INSERT INTO t FORMAT CSV",
    database: "one",
    query_id: "q1",
    param_at: "1.5",
    async_insert: "0",
    session_id: "s",
    wait_end_of_query: "1",
  });
  expect(parseClickHouseRequest(search, bytesOf("1,2"), "")).toEqual({
    query: "INSERT INTO t FORMAT CSV\n1,2",
    block: null,
    database: "one",
    format: "TabSeparated",
    queryId: "q1",
    parameters: new Map([["at", "1.5"]]),
    settings: new Map([["async_insert", "0"]]),
  });
});

test("a binary block stays bytes, and is read from a file", ({ expect }) => {
  const block = Uint8Array.of(0, 255, 10);
  const query = "INSERT INTO t (a, b) FORMAT Native";
  expect(parseClickHouseRequest(new URLSearchParams({ query }), block, "")).toMatchObject({ query, block });
  expect(fromFile(query, "/tmp/it's $& here")).toBe("INSERT INTO t (a, b) SELECT * FROM file('/tmp/it\\'s $& here', 'Native')");
});

test("the body alone may be the query, and a header may name the format", ({ expect }) => {
  expect(parseClickHouseRequest(new URLSearchParams(), bytesOf("SELECT 1"), "JSON")).toMatchObject({
    query: "SELECT 1",
    format: "JSON",
    database: null,
  });
});

test.for([
  ["INSERT INTO t VALUES (1)", true],
  ["  -- note\n /* more */ insert into t select 1", true],
  ["SELECT 'insert'", false],
  ["CREATE TABLE inserts (id Int8)", false],
] as const)("%j writes rows: %s", ([query, expected], { expect }) => {
  expect(isInsert(query)).toBe(expected);
});

test("a literal cannot end before its text does", ({ expect }) => {
  expect(literal("a\\' OR '1")).toBe("'a\\\\\\' OR \\'1'");
});

test("placeholders are found by name", ({ expect }) => {
  expect(placeholdersOf("SELECT {a:String}, { b : Array(UInt8) } FROM {c:Identifier}")).toEqual(["a", "b", "c"]);
});

describe("errors", () => {
  test("keep the engine's code and text, with the server's status", ({ expect }) => {
    const text = "Code: 60. DB::Exception: Table x does not exist. (UNKNOWN_TABLE)";
    expect(fromThrown(new Error(text))).toEqual({ status: 404, code: 60, text });
  });

  test("that are not the engine's own are unknown exceptions", ({ expect }) => {
    expect(fromThrown(new Error("broken"))).toEqual(clickHouseError(1002, "UNKNOWN_EXCEPTION", "broken"));
  });
});
