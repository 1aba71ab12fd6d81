import * as z from "zod";
import { organizationIdSchema } from "../id.ts";
import { usageBuckets } from "../usage.ts";
import type { Endpoint } from "./endpoint.ts";

/** A provider's name as it stands before the slash in `provider/model`. */
export const providerNameSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "must be lowercase letters, digits and dashes");

/** Paths are put after it, and it is recorded with every call: it may hold no query, no fragment and no secret. */
export const baseUrlSchema = z
  .url({ protocol: /^https?$/, error: "must be an http or https address" })
  .regex(/^[^?#]*$/, "must be an address without query and fragment")
  .regex(/^[^/]*\/\/[^/@]*(?:\/|$)/, "must be an address without user and password")
  .max(2048);

const params = z.strictObject({ organizationId: organizationIdSchema, provider: providerNameSchema });

export const putCredential = {
  method: "PUT",
  path: "/api/organizations/{organizationId}/credentials/{provider}",
  summary: "Store a provider's API key (encrypted), and its base URL where it is not the provider's own",
  group: "providers",
  scope: "admin",
  params,
  query: z.strictObject({}),
  body: z.strictObject({
    apiKey: z.string().min(1).max(4096),
    baseUrl: baseUrlSchema.optional(),
  }),
  output: z.strictObject({ provider: providerNameSchema, baseUrl: z.string().nullable(), updatedAtMs: z.number() }),
} as const satisfies Endpoint;

export const deleteCredential = {
  method: "DELETE",
  path: "/api/organizations/{organizationId}/credentials/{provider}",
  summary: "Forget a provider's credential",
  group: "providers",
  scope: "admin",
  params,
  query: z.strictObject({}),
  body: null,
  output: z.strictObject({ provider: providerNameSchema }),
} as const satisfies Endpoint;

const rate = z.int().nonnegative();

export const putPriceOverride = {
  method: "PUT",
  path: "/api/organizations/{organizationId}/price-overrides/{provider}",
  summary: "Set what a model costs this organisation; a bucket left out costs what its base bucket costs",
  group: "providers",
  scope: "admin",
  params,
  query: z.strictObject({}),
  body: z.strictObject({
    model: z.string().min(1).max(200),
    /** Nano-dollars for 1,000 tokens. */
    ratesNanoUsdPerThousand: z.partialRecord(z.enum(usageBuckets), rate).and(z.object({ inputTokens: rate, outputTokens: rate })),
  }),
  output: z.strictObject({ provider: providerNameSchema, model: z.string(), priceVersion: z.string() }),
} as const satisfies Endpoint;
