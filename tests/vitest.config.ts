import { defineConfig } from "vitest/config";

const isOnDatabaseServer = (process.env["DATABASE_URL"] ?? "") !== "";

/** What is said to providers depends on no store: once, on the embedded ones, is enough. */
const aboutProviders = ["compatibility", "client*", "dialect-faults", "routing"].map((name) => `tests/${name}.test.ts`);

/** The whole system through its public faces: real engines, two files at a time, since they mostly wait. */
export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    exclude: isOnDatabaseServer ? aboutProviders : [],
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
