import { test } from "vitest";
import { projectIdSchema } from "#core/contracts/id.ts";
import { pagePath, parseRoute } from "./routes.ts";

const projectId = projectIdSchema.parse("0193c5a0-0000-7000-8000-000000000002");
const traceId = "0af7651916cd43dd8448eb211c80319c";

test("paths name their page; a malformed id is no page", ({ expect }) => {
  const below = `/projects/${projectId}`;
  const paths = ["/", `/traces/${traceId.toUpperCase()}/`, below, `${below}/traces`, `${below}/traces/${traceId}`];
  expect([...paths, "/traces/7", `/traces/${"0".repeat(32)}`, "/projects/7", `${below}/nothing`].map(parseRoute)).toEqual([
    { kind: "home" },
    { kind: "old-trace", traceId },
    { kind: "page", page: "overview", projectId, id: "" },
    { kind: "page", page: "traces", projectId, id: "" },
    { kind: "page", page: "trace", projectId, id: traceId },
    { kind: "not-found" },
    { kind: "not-found" },
    { kind: "not-found" },
    { kind: "not-found" },
  ]);
});

test("an id of any characters finds its way into an address and back", ({ expect }) => {
  const id = "a/b?c#d %é🙂";
  expect(parseRoute(pagePath(projectId, "trace", id))).toEqual({ kind: "page", page: "trace", projectId, id });
});
