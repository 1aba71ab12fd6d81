import { regionSchema, type Region } from "#core/contracts/region.ts";
import { applyClickhouse } from "./apply-clickhouse.ts";
import { applyPostgres } from "./apply-postgres.ts";
import type { Applied } from "./applied.ts";

export interface MigrationTargets {
  /** `postgres://user:password@host:port/database` */
  readonly databaseUrl: string;
  /** `http(s)://user:password@host:port/database` of every region that has one. */
  readonly clickhouseUrls: Readonly<Partial<Record<Region, string>>>;
}

/** Brings every store to what the files say. Safe to repeat; stops at the first that cannot be brought there. */
export async function applyMigrations({ databaseUrl, clickhouseUrls }: MigrationTargets): Promise<Applied> {
  const applied: string[] = [];
  const steps = [
    () => applyPostgres(databaseUrl),
    ...regionSchema.options.flatMap((region) => {
      const url = clickhouseUrls[region];
      return url === undefined ? [] : [() => applyClickhouse(region, url)];
    }),
  ];
  for (const step of steps) {
    const result = await step();
    if (result.kind === "failed") return result;
    applied.push(...result.applied);
  }
  return { kind: "applied", applied };
}
