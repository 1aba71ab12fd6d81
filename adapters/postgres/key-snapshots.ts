import { eq } from "drizzle-orm";
import type { KeyId } from "#core/contracts/id.ts";
import { keySnapshotSchema, type KeySnapshot } from "#core/contracts/key-snapshot.ts";
import type { Database } from "./database.ts";
import { priceOverrides, projects, providerCredentials, virtualKeys } from "./schema.ts";

/** All that a call needs to know of a key; `null` where there is none of this id. Throws what the driver throws. */
export async function readKeySnapshot(database: Database, keyId: KeyId): Promise<KeySnapshot | null> {
  const organizationOfKey = database
    .select({ id: projects.organizationId })
    .from(virtualKeys)
    .innerJoin(projects, eq(projects.id, virtualKeys.projectId))
    .where(eq(virtualKeys.keyId, keyId));
  // One round trip: this is on the way of a call whose key nobody knows yet.
  const [keys, credentials, overrides] = await database.batch([
    database
      .select({
        keyId: virtualKeys.keyId,
        secretHash: virtualKeys.secretHash,
        projectId: virtualKeys.projectId,
        record: virtualKeys.record,
        route: virtualKeys.route,
        onDisconnect: virtualKeys.onDisconnect,
        revokedAt: virtualKeys.revokedAt,
        organizationId: projects.organizationId,
        homeRegion: projects.homeRegion,
      })
      .from(virtualKeys)
      .innerJoin(projects, eq(projects.id, virtualKeys.projectId))
      .where(eq(virtualKeys.keyId, keyId)),
    database.select().from(providerCredentials).where(eq(providerCredentials.organizationId, organizationOfKey)),
    database.select().from(priceOverrides).where(eq(priceOverrides.organizationId, organizationOfKey)),
  ]);
  const [key] = keys;
  if (key === undefined) return null;
  const { revokedAt, ...known } = key;
  return keySnapshotSchema.parse({
    ...known,
    revoked: revokedAt !== null,
    credentials: Object.fromEntries(credentials.map((row) => [row.provider, { baseUrl: row.baseUrl, sealedApiKey: row.sealedApiKey }])),
    priceOverrides: Object.fromEntries(
      overrides.map((row) => [
        `${row.provider}/${row.model}`,
        { priceVersion: row.priceVersion, ratesNanoUsdPerThousand: row.ratesNanoUsdPerThousand },
      ]),
    ),
  });
}
