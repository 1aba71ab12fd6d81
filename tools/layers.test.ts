import { describe, test } from "vitest";
import { violations } from "./layers.ts";

describe("violations", () => {
  test("core may import zod and itself, and nothing else", ({ expect }) => {
    const source = [
      'import * as z from "zod";',
      'import type { Span } from "../contracts/span.ts";',
      'import { Hono } from "hono";',
      'import { readFile } from "node:fs/promises";',
      'import { connect } from "#adapters/postgres/database.ts";',
    ].join("\n");
    expect(violations("core/gateway/route.ts", source)).toEqual([
      "core/gateway/route.ts: core may import only zod, not hono",
      "core/gateway/route.ts: core may import only zod, not node:fs/promises",
      "core/gateway/route.ts: core may not import #adapters/postgres/database.ts",
    ]);
  });

  test("a test in core may import packages, but no other layer", ({ expect }) => {
    const source = 'import { test } from "vitest";\nimport { insertSpans } from "#adapters/clickhouse/insert.ts";';
    expect(violations("core/gateway/route.test.ts", source)).toEqual([
      "core/gateway/route.test.ts: core may not import #adapters/clickhouse/insert.ts",
    ]);
  });

  test("the dashboard may import the contracts, and not the rest of core", ({ expect }) => {
    const source =
      'import { endpoints } from "../../core/contracts/api/endpoints.ts";\nimport { price } from "../../core/gateway/cost.ts";';
    expect(violations("dashboard/src/client.ts", source)).toEqual([
      "dashboard/src/client.ts: dashboard may not import ../../core/gateway/cost.ts",
    ]);
  });

  test("the end-to-end tests know the shapes of the public faces, and nothing behind them", ({ expect }) => {
    const source = 'import { listTraces } from "#core/contracts/api/traces.ts";\nimport { bareModels } from "#core/providers/models.ts";';
    expect(violations("tests/gateway.test.ts", source)).toEqual(["tests/gateway.test.ts: tests may not import #core/providers/models.ts"]);
  });

  test("a layer may not import a higher one, not even over a relative path or an await import()", ({ expect }) => {
    const source = 'export { app } from "../workers/app/main.ts";\nconst late = await import("#queues/consume.ts");';
    expect(violations("adapters/recorder.ts", source)).toEqual([
      "adapters/recorder.ts: adapters may not import ../workers/app/main.ts",
      "adapters/recorder.ts: adapters may not import #queues/consume.ts",
    ]);
  });

  test("an import of another layer names that layer", ({ expect }) => {
    expect(violations("adapters/recorder/record.ts", 'import { frame } from "../../core/ingest/frame.ts";')).toEqual([
      "adapters/recorder/record.ts: write ../../core/ingest/frame.ts as #core/ingest/frame.ts, so that the line names its layer",
    ]);
  });

  test("a new folder must be given its place", ({ expect }) => {
    expect(violations("plugins/one.ts", "")).toEqual(["plugins/one.ts: plugins is no layer: add it to tools/layers.ts"]);
  });
});
