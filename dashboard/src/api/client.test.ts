import { test } from "vitest";
import { readFailure, requestAddress } from "./client.ts";
import { backoffMs } from "./use-poll.ts";

test("addresses are filled and escaped; what is absent stays out of the query", ({ expect }) => {
  expect([
    requestAddress("/api/projects/{projectId}/traces", { projectId: "a/b" }, { limit: 50, cursor: undefined }),
    requestAddress("/api/projects/{projectId}/traces/{traceId}", { projectId: "p", traceId: "t" }, {}),
  ]).toEqual(["/api/projects/a%2Fb/traces?limit=50", "/api/projects/p/traces/t"]);
});

test("a refusal becomes the failure that the page can act on, and says what the server said", ({ expect }) => {
  const body = (message: string, param: string | null) => ({ error: { message, type: "x", param, code: "y" } });
  expect([
    readFailure(401, body("This API key is not known.", null)),
    readFailure(404, body("There is nothing at this address.", null)),
    readFailure(400, body("must be at most 200", "limit")),
    readFailure(503, body("ClickHouse of us-east cannot be reached.", "clickhouse us-east")),
    readFailure(502, "<html>"),
  ]).toEqual([
    { kind: "unauthorized", message: "This API key is not known." },
    { kind: "not-found", message: "There is nothing at this address." },
    { kind: "invalid", message: "must be at most 200", param: "limit" },
    { kind: "unavailable", what: "clickhouse us-east", message: "ClickHouse of us-east cannot be reached." },
    { kind: "unavailable", what: "the server", message: "The server answered with status 502." },
  ]);
});

test("failed rounds wait longer each time, up to half a minute", ({ expect }) => {
  expect([1, 2, 3, 5, 6, 20].map(backoffMs)).toEqual([1_000, 2_000, 4_000, 16_000, 30_000, 30_000]);
});
