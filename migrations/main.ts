import { regions, regionSchema } from "#core/contracts/region.ts";
import { applyMigrations } from "./apply.ts";

/** `npm run migrate`: the exit code. */
async function main(): Promise<number> {
  const { DATABASE_URL: databaseUrl } = process.env;
  if (databaseUrl === undefined) {
    console.error("DATABASE_URL is not set (postgres://user:password@host:port/database)");
    return 1;
  }
  const clickhouseUrls = Object.fromEntries(
    regionSchema.options.flatMap((region) => {
      const url = process.env[`CLICKHOUSE_URL_${regions[region].suffix}`];
      return url === undefined ? [] : [[region, url] as const];
    }),
  );
  const result = await applyMigrations({ databaseUrl, clickhouseUrls });
  if (result.kind === "failed") {
    console.error(result.message);
    return 1;
  }
  console.log(result.applied.length === 0 ? "Nothing to apply." : `Applied:\n${result.applied.join("\n")}`);
  return 0;
}

process.exitCode = await main();
