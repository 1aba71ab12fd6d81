import { and, eq, isNull, type SQL } from "drizzle-orm";
import type { KeyId, ProjectId } from "#core/contracts/id.ts";
import { keySnapshotSchema, type KeySnapshot } from "#core/contracts/key-snapshot.ts";
import { projectPolicySchema } from "#core/contracts/policy.ts";
import type { Database } from "./database.ts";
import { priceOverrides, projects, providerCredentials, virtualKeys } from "./schema.ts";

/** All that a call needs to know of a key; `null` where there is none of this id. Throws what the driver throws. */
export async function readKeySnapshot(database: Database, keyId: KeyId): Promise<KeySnapshot | null> {
  const [snapshot] = await readSnapshots(database, eq(virtualKeys.keyId, keyId));
  return snapshot ?? null;
}

/** The same of every key of a project that still works. */
export async function readProjectSnapshots(database: Database, projectId: ProjectId): Promise<KeySnapshot[]> {
  return await readSnapshots(database, and(eq(virtualKeys.projectId, projectId), isNull(virtualKeys.revokedAt)));
}

/** `keys` chooses keys of one organisation. */
async function readSnapshots(database: Database, keys: SQL | undefined): Promise<KeySnapshot[]> {
  const organizationOfKeys = database
    .selectDistinct({ id: projects.organizationId })
    .from(virtualKeys)
    .innerJoin(projects, eq(projects.id, virtualKeys.projectId))
    .where(keys);
  // One round trip: this is on the way of a call whose key nobody knows yet.
  const [rows, credentials, overrides] = await database.batch([
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
        policy: projects.policy,
      })
      .from(virtualKeys)
      .innerJoin(projects, eq(projects.id, virtualKeys.projectId))
      .where(keys),
    database.select().from(providerCredentials).where(eq(providerCredentials.organizationId, organizationOfKeys)),
    database.select().from(priceOverrides).where(eq(priceOverrides.organizationId, organizationOfKeys)),
  ]);
  const settings = {
    credentials: Object.fromEntries(credentials.map((row) => [row.provider, { baseUrl: row.baseUrl, sealedApiKey: row.sealedApiKey }])),
    priceOverrides: Object.fromEntries(
      overrides.map((row) => [
        `${row.provider}/${row.model}`,
        { priceVersion: row.priceVersion, ratesNanoUsdPerThousand: row.ratesNanoUsdPerThousand },
      ]),
    ),
  };
  return rows.map(({ revokedAt, policy, ...key }) => {
    const { record, payloads, masking } = projectPolicySchema.parse(policy);
    // Durable is what either of them asks for.
    const mode = record === "durable" ? record : key.record;
    return keySnapshotSchema.parse({ ...key, ...settings, record: mode, payloads, masking, revoked: revokedAt !== null });
  });
}
