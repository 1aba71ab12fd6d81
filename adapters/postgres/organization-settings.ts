import { and, eq, sql } from "drizzle-orm";
import type { Credential, PriceOverride } from "#core/contracts/api/providers.ts";
import type { OrganizationId } from "#core/contracts/id.ts";
import type { Database } from "./database.ts";
import { after, newestFirst, pageOf, type Page, type PageRequest } from "./page.ts";
import { priceOverrides, providerCredentials } from "./schema.ts";

type StoredCredential = typeof providerCredentials.$inferInsert & { readonly updatedAt: Date };

/** Stores or replaces a provider's credential, already sealed. */
export async function writeCredential(database: Database, credential: StoredCredential): Promise<void> {
  const { sealedApiKey, baseUrl, updatedAt } = credential;
  await database
    .insert(providerCredentials)
    .values(credential)
    .onConflictDoUpdate({
      target: [providerCredentials.organizationId, providerCredentials.provider],
      set: { sealedApiKey, baseUrl, updatedAt },
    });
}

/** Forgets a provider's credential; where there is none, nothing. */
export async function removeCredential(database: Database, organizationId: OrganizationId, provider: string): Promise<void> {
  await database
    .delete(providerCredentials)
    .where(and(eq(providerCredentials.organizationId, organizationId), eq(providerCredentials.provider, provider)));
}

const provider = sql`${providerCredentials.provider}`;

/** Last stored first; the keys themselves stay where they are. */
export async function readCredentials(
  database: Database,
  organizationId: OrganizationId,
  { limit, cursor }: PageRequest,
): Promise<Page<Credential>> {
  const rows = await database
    .select({ provider: providerCredentials.provider, baseUrl: providerCredentials.baseUrl, updatedAt: providerCredentials.updatedAt })
    .from(providerCredentials)
    .where(and(eq(providerCredentials.organizationId, organizationId), after(cursor, providerCredentials.updatedAt, provider)))
    .orderBy(...newestFirst(providerCredentials.updatedAt, provider))
    .limit(limit + 1);
  const credentials = rows.map(({ updatedAt, ...row }): Credential => ({ ...row, updatedAtMs: updatedAt.getTime() }));
  return pageOf(credentials, limit, (row) => ({ atMs: row.updatedAtMs, id: row.provider }));
}

type StoredPriceOverride = typeof priceOverrides.$inferInsert & { readonly updatedAt: Date };

/** Stores or replaces what a model costs an organisation. */
export async function writePriceOverride(database: Database, override: StoredPriceOverride): Promise<void> {
  const { ratesNanoUsdPerThousand, priceVersion, updatedAt } = override;
  await database
    .insert(priceOverrides)
    .values(override)
    .onConflictDoUpdate({
      target: [priceOverrides.organizationId, priceOverrides.provider, priceOverrides.model],
      set: { ratesNanoUsdPerThousand, priceVersion, updatedAt },
    });
}

// A provider's name holds no slash, so that two of these are never the same.
const model = sql`(${priceOverrides.provider} || '/' || ${priceOverrides.model})`;

/** Last set first. */
export async function readPriceOverrides(
  database: Database,
  organizationId: OrganizationId,
  { limit, cursor }: PageRequest,
): Promise<Page<PriceOverride>> {
  const rows = await database
    .select({
      provider: priceOverrides.provider,
      model: priceOverrides.model,
      ratesNanoUsdPerThousand: priceOverrides.ratesNanoUsdPerThousand,
      priceVersion: priceOverrides.priceVersion,
      updatedAt: priceOverrides.updatedAt,
    })
    .from(priceOverrides)
    .where(and(eq(priceOverrides.organizationId, organizationId), after(cursor, priceOverrides.updatedAt, model)))
    .orderBy(...newestFirst(priceOverrides.updatedAt, model))
    .limit(limit + 1);
  const overrides = rows.map(({ updatedAt, ...row }): PriceOverride => ({ ...row, updatedAtMs: updatedAt.getTime() }));
  return pageOf(overrides, limit, (row) => ({ atMs: row.updatedAtMs, id: `${row.provider}/${row.model}` }));
}

/** Forgets what a model costs an organisation; where nothing is set, nothing. */
export async function removePriceOverride(
  database: Database,
  organizationId: OrganizationId,
  override: { readonly provider: string; readonly model: string },
): Promise<void> {
  await database
    .delete(priceOverrides)
    .where(
      and(
        eq(priceOverrides.organizationId, organizationId),
        eq(priceOverrides.provider, override.provider),
        eq(priceOverrides.model, override.model),
      ),
    );
}
