import * as z from "zod";
import { organizationIdSchema } from "../id.ts";
import { usageBuckets } from "../usage.ts";
import { storableTextSchema } from "../name.ts";
import type { Endpoint } from "./endpoint.ts";
import { nextCursorSchema, pageQuerySchema } from "./page.ts";

/** A provider's name as it stands before the slash in `provider/model`. */
export const providerNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "must be lowercase letters, digits and dashes")
  .meta({ examples: ["openai"] });

/** Paths are put after it, and it is recorded with every call: it may hold no query, no fragment and no secret. */
export const baseUrlSchema = z
  .url({ protocol: /^https?$/, error: "must be an http or https address" })
  .regex(/^[^?#]*$/, "must be an address without query and fragment")
  .regex(/^[^/]*\/\/[^/@]*(?:\/|$)/, "must be an address without user and password")
  .max(2048);

const organizationParams = z.strictObject({ organizationId: organizationIdSchema });
const params = organizationParams.extend({ provider: providerNameSchema });

export const credentialSchema = z
  .strictObject({
    provider: providerNameSchema,
    baseUrl: z.string().nullable().meta({ description: "`null`: the provider's own." }),
    updatedAtMs: z.number(),
  })
  .meta({ id: "Credential", description: "That an API key of a provider is stored; never the key." });
export type Credential = z.infer<typeof credentialSchema>;

export const putCredential = {
  method: "PUT",
  path: "/api/organizations/{organizationId}/credentials/{provider}",
  summary: "Store a provider's API key (encrypted), and its base URL where it is not the provider's own",
  group: "providers",
  scope: "admin",
  params,
  query: z.strictObject({}),
  body: z
    .strictObject({
      apiKey: z.string().min(1).max(4096).meta({ description: "The provider's key. It is encrypted, and no answer ever holds it." }),
      baseUrl: baseUrlSchema.optional().meta({ description: "Where the provider is reached, where that is not its own address." }),
    })
    .meta({ examples: [{ apiKey: "sk-…" }] }),
  output: credentialSchema,
} as const satisfies Endpoint;

export const listCredentials = {
  method: "GET",
  path: "/api/organizations/{organizationId}/credentials",
  summary: "For which providers a credential is stored, last stored first",
  group: "providers",
  scope: "admin",
  params: organizationParams,
  query: pageQuerySchema,
  body: null,
  output: z.strictObject({ credentials: z.array(credentialSchema), nextCursor: nextCursorSchema }),
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

/** What a model is called at its provider. */
const modelSchema = storableTextSchema
  .min(1)
  .max(200)
  .meta({ examples: ["gpt-4o-mini"] });

const ratesSchema = z
  .partialRecord(z.enum(usageBuckets), rate)
  .and(z.object({ inputTokens: rate, outputTokens: rate }))
  .meta({ description: "Nano-dollars ($0.000 000 001) for 1,000 tokens, by bucket; one left out costs what its base bucket costs." });

export const priceOverrideSchema = z
  .strictObject({
    provider: providerNameSchema,
    model: z.string(),
    ratesNanoUsdPerThousand: ratesSchema,
    priceVersion: z.string().meta({ description: "Names this edition of the rates in every span that was priced by it." }),
    updatedAtMs: z.number(),
  })
  .meta({ id: "PriceOverride", description: "What a model costs this organization." });
export type PriceOverride = z.infer<typeof priceOverrideSchema>;

export const putPriceOverride = {
  method: "PUT",
  path: "/api/organizations/{organizationId}/price-overrides/{provider}",
  summary: "Set what a model costs this organization",
  group: "providers",
  scope: "admin",
  params,
  query: z.strictObject({}),
  body: z
    .strictObject({ model: modelSchema, ratesNanoUsdPerThousand: ratesSchema })
    .meta({ examples: [{ model: "gpt-4o-mini", ratesNanoUsdPerThousand: { inputTokens: 150_000, outputTokens: 600_000 } }] }),
  output: priceOverrideSchema,
} as const satisfies Endpoint;

export const listPriceOverrides = {
  method: "GET",
  path: "/api/organizations/{organizationId}/price-overrides",
  summary: "What models cost this organization, last set first",
  group: "providers",
  scope: "admin",
  params: organizationParams,
  query: pageQuerySchema,
  body: null,
  output: z.strictObject({ priceOverrides: z.array(priceOverrideSchema), nextCursor: nextCursorSchema }),
} as const satisfies Endpoint;

export const deletePriceOverride = {
  method: "DELETE",
  path: "/api/organizations/{organizationId}/price-overrides/{provider}",
  summary: "Let a model cost again what the price list says",
  group: "providers",
  scope: "admin",
  params,
  query: z.strictObject({ model: modelSchema }),
  body: null,
  output: z.strictObject({ provider: providerNameSchema, model: z.string() }),
} as const satisfies Endpoint;
