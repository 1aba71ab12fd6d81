import { defineConfig } from "vitest/config";

/** The whole system through its public faces: real engines, one file after the other, as they share two cores. */
export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
