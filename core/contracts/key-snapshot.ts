import * as z from "zod";
import { onDisconnectSchema, recordModeSchema } from "./api/keys.ts";
import { providerNameSchema } from "./api/providers.ts";
import { keyIdSchema, organizationIdSchema, projectIdSchema } from "./id.ts";
import { keyLimitsSchema } from "./limits.ts";
import { storagePolicySchema } from "./policy.ts";
import { regionSchema } from "./region.ts";
import { usageBuckets } from "./usage.ts";

const rate = z.int().nonnegative();

/**
 * All that a call needs to know of its virtual key, in one value: edges work from copies of it, so that
 * Postgres is asked only when neither the isolate nor Redis knows the key.
 */
export const keySnapshotSchema = z.strictObject({
  keyId: keyIdSchema,
  /** SHA-256 of the key's whole text, as hexadecimal. */
  secretHash: z.string(),
  organizationId: organizationIdSchema,
  projectId: projectIdSchema,
  homeRegion: regionSchema,
  record: recordModeSchema,
  // Copies of an earlier day lack these.
  route: z.array(z.string()).default([]),
  onDisconnect: onDisconnectSchema.default("cancel"),
  teamId: z.string().nullable().default(null),
  /** `null`: none may hold for its calls, and admission costs them nothing. */
  limits: keyLimitsSchema.nullable().default(null),
  ...storagePolicySchema.shape,
  revoked: z.boolean(),
  /** The organisation's own provider credentials; `sealedApiKey` is encrypted (`adapters/encryption.ts`). */
  credentials: z.record(providerNameSchema, z.strictObject({ baseUrl: z.string().nullable(), sealedApiKey: z.string() })),
  /** Rates of the organisation, by `provider/model`; nano-dollars for 1,000 tokens. */
  priceOverrides: z.record(
    z.string(),
    z.strictObject({
      priceVersion: z.string(),
      ratesNanoUsdPerThousand: z.partialRecord(z.enum(usageBuckets), rate).and(z.object({ inputTokens: rate, outputTokens: rate })),
    }),
  ),
});
export type KeySnapshot = z.infer<typeof keySnapshotSchema>;

/** The text of a virtual key: `ef_<keyId>_<secret>`, the secret being 32 random bytes in base64url. */
export const virtualKeyPattern = /^ef_([0-9a-f]{16})_[A-Za-z0-9_-]{43}$/;
