import { defineConfig } from "vitest/config";

/** Unit and property tests, in Node. Those that need workerd are in vitest.workerd.config.ts, those of the whole system in tests/. */
export default defineConfig({
  test: {
    include: ["{core,adapters,durable-objects,queues,workers,migrations,local,dashboard,tools,bench}/**/*.test.{ts,tsx}"],
    exclude: ["**/node_modules/**", "**/dist/**", "**/*.workerd.test.ts"],
    // Left to itself Vitest keeps one core free, of two.
    maxWorkers: "100%",
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
