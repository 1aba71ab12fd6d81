import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const regions = ["us-east", "us-west", "eu-west"];
const suffixOf = (region: string): string => region.toUpperCase().replaceAll("-", "_");

/** Durable Objects, queues, the recorder and ingestion, inside workerd, in one Worker with all bindings. */
export default defineConfig({
  plugins: [
    cloudflareTest({
      main: "./durable-objects/workerd.fixture.ts",
      miniflare: {
        compatibilityDate: "2026-11-01",
        compatibilityFlags: ["nodejs_compat"],
        bindings: { JURISDICTIONS: "off", REGION: "us-east" },
        durableObjects: {
          EVENT_BUFFER: { className: "EventBuffer", useSQLite: true },
          BUDGET_ROOT: { className: "FaultyRoot", useSQLite: true },
          REGION_LIMITER: { className: "FaultyLimiter", useSQLite: true },
        },
        r2Buckets: regions.map((region) => `BUCKET_${suffixOf(region)}`),
        queueProducers: Object.fromEntries(regions.map((region) => [`QUEUE_${suffixOf(region)}`, `evalforge-events-${region}`])),
        queueConsumers: Object.fromEntries(regions.map((region) => [`evalforge-events-${region}`, { maxBatchTimeout: 0 }])),
      },
    }),
  ],
  test: {
    globalSetup: ["migrations/shared-clickhouse.fixture.ts"],
    include: ["**/*.workerd.test.ts"],
    exclude: ["**/node_modules/**", "bench/**"],
    maxWorkers: "100%",
    testTimeout: 30_000,
  },
});
