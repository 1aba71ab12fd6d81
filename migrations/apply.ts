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
  const postgres = await applyPostgres(databaseUrl);
  if (postgres.kind === "failed") return postgres;
  const clickhouse = await applyEveryClickhouse(clickhouseUrls);
  if (clickhouse.kind === "failed") return clickhouse;
  return { kind: "applied", applied: [...postgres.applied, ...clickhouse.applied] };
}

/** The same of ClickHouse alone, region by region. */
export async function applyEveryClickhouse(urls: MigrationTargets["clickhouseUrls"]): Promise<Applied> {
  const applied: string[] = [];
  for (const region of regionSchema.options) {
    const url = urls[region];
    if (url === undefined) continue;
    const result = await applyClickhouse(region, url);
    if (result.kind === "failed") return result;
    applied.push(...result.applied);
  }
  return { kind: "applied", applied };
}
