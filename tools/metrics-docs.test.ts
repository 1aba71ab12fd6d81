import { readFileSync } from "node:fs";
import { test } from "vitest";
import { metricsOf } from "#core/operations/metrics.ts";

const names = new Set(metricsOf({ regions: [], dependencies: [], recentCalls: [] }).map(({ name }) => name));

test.for(["docs/grafana-dashboard.json", "docs/operations.md"])("%s asks for no metric that there is not", (file, { expect }) => {
  const asked = readFileSync(file, "utf8").match(/evalforge_[a-z_]+/g) ?? [];
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.filter((name) => !names.has(name))).toEqual([]);
});
