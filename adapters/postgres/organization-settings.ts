import { and, eq } from "drizzle-orm";
import type { OrganizationId } from "#core/contracts/id.ts";
import type { Database } from "./database.ts";
import { priceOverrides, providerCredentials } from "./schema.ts";

type Credential = typeof providerCredentials.$inferInsert & { readonly updatedAt: Date };

/** Stores or replaces a provider's credential, already sealed. */
export async function writeCredential(database: Database, credential: Credential): Promise<void> {
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

type PriceOverride = typeof priceOverrides.$inferInsert & { readonly updatedAt: Date };

/** Stores or replaces what a model costs an organisation. */
export async function writePriceOverride(database: Database, override: PriceOverride): Promise<void> {
  const { ratesNanoUsdPerThousand, priceVersion, updatedAt } = override;
  await database
    .insert(priceOverrides)
    .values(override)
    .onConflictDoUpdate({
      target: [priceOverrides.organizationId, priceOverrides.provider, priceOverrides.model],
      set: { ratesNanoUsdPerThousand, priceVersion, updatedAt },
    });
}
