import { test } from "vitest";
import { parseRoute } from "./routes.ts";

test("paths name their page; a malformed trace id is no page", ({ expect }) => {
  const traceId = "0af7651916cd43dd8448eb211c80319c";
  expect(
    ["/", "/traces", `/traces/${traceId}`, `/traces/${traceId.toUpperCase()}/`, "/traces/7", `/traces/${"0".repeat(32)}`, "/keys"].map(
      parseRoute,
    ),
  ).toEqual([
    { kind: "traces" },
    { kind: "traces" },
    { kind: "trace", traceId },
    { kind: "trace", traceId },
    { kind: "not-found" },
    { kind: "not-found" },
    { kind: "not-found" },
  ]);
});
