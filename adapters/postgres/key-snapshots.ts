import { and, eq, inArray, isNull, type SQL } from "drizzle-orm";
import type { KeyId, OrganizationId, ProjectId } from "#core/contracts/id.ts";
import { keySnapshotSchema, type KeySnapshot } from "#core/contracts/key-snapshot.ts";
import { keyLimitsSchema, type KeyLimits, type LimitKind } from "#core/contracts/limits.ts";
import { projectPolicySchema } from "#core/contracts/policy.ts";
import { limitsOfKey } from "#core/limits/match.ts";
import type { Database } from "./database.ts";
import { limits, priceOverrides, projects, providerCredentials, virtualKeys } from "./schema.ts";

/** All that a call needs to know of a key; `null` where there is none of this id. Throws what the driver throws. */
export async function readKeySnapshot(database: Database, keyId: KeyId): Promise<KeySnapshot | null> {
  const [snapshot] = await readSnapshots(database, eq(virtualKeys.keyId, keyId));
  return snapshot ?? null;
}

/** The same of every key of a project that still works. */
export async function readProjectSnapshots(database: Database, projectId: ProjectId): Promise<KeySnapshot[]> {
  return await readSnapshots(database, and(eq(virtualKeys.projectId, projectId), isNull(virtualKeys.revokedAt)));
}

/** The same of every key of an organisation that still works. */
export async function readOrganizationSnapshots(database: Database, organizationId: OrganizationId): Promise<KeySnapshot[]> {
  const ofOrganization = database.select({ id: projects.id }).from(projects).where(eq(projects.organizationId, organizationId));
  return await readSnapshots(database, and(inArray(virtualKeys.projectId, ofOrganization), isNull(virtualKeys.revokedAt)));
}

/** `keys` chooses keys of one organisation. */
async function readSnapshots(database: Database, keys: SQL | undefined): Promise<KeySnapshot[]> {
  const organizationOfKeys = database
    .selectDistinct({ id: projects.organizationId })
    .from(virtualKeys)
    .innerJoin(projects, eq(projects.id, virtualKeys.projectId))
    .where(keys);
  // One round trip: this is on the way of a call whose key nobody knows yet.
  const [rows, credentials, overrides, limitRows] = await database.batch([
    database
      .select({
        keyId: virtualKeys.keyId,
        secretHash: virtualKeys.secretHash,
        projectId: virtualKeys.projectId,
        record: virtualKeys.record,
        route: virtualKeys.route,
        onDisconnect: virtualKeys.onDisconnect,
        teamId: virtualKeys.team,
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
    database.select().from(limits).where(eq(limits.organizationId, organizationOfKeys)),
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
  const organizationLimits = limitsOf(limitRows);
  return rows.map(({ revokedAt, policy, ...key }) => {
    const { record, payloads, masking } = projectPolicySchema.parse(policy);
    // Durable is what either of them asks for.
    const mode = record === "durable" ? record : key.record;
    const keyLimits = limitsOfKey(organizationLimits, key);
    return keySnapshotSchema.parse({
      ...key,
      ...settings,
      limits: keyLimits,
      record: mode,
      payloads,
      masking,
      revoked: revokedAt !== null,
    });
  });
}

function limitsOf(rows: readonly (typeof limits.$inferSelect)[]): KeyLimits {
  const ofKind = (kind: LimitKind): unknown[] =>
    rows.filter((row) => row.kind === kind).map(({ id, version, setting }) => Object.assign({ id, version }, setting));
  return keyLimitsSchema.parse({ budgets: ofKind("budget"), rateLimits: ofKind("rate") });
}
