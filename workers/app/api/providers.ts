import { readLiveKeyIds } from "#adapters/postgres/control-plane.ts";
import { connect } from "#adapters/postgres/database.ts";
import {
  readCredentials,
  readPriceOverrides,
  removeCredential,
  removePriceOverride,
  writeCredential,
  writePriceOverride,
} from "#adapters/postgres/organization-settings.ts";
import { log } from "#adapters/log.ts";
import { seal } from "#adapters/encryption.ts";
import { hasCache } from "#adapters/redis/client.ts";
import { forgetCached } from "#adapters/redis/key-snapshot-cache.ts";
import { attempt } from "#adapters/unavailable.ts";
import type { OrganizationId } from "#core/contracts/id.ts";
import { regionSchema } from "#core/contracts/region.ts";
import type { AppEnvironment } from "../environment.ts";
import { findOrganization } from "./find.ts";
import type { Handler } from "./handler.ts";
import { readSettingsPage } from "./settings-page.ts";

export const putCredential: Handler<"putCredential"> = async (env, { params: { organizationId, provider }, body }) => {
  const organization = await findOrganization(env, organizationId);
  if (organization.kind !== "answered") return organization;
  const updatedAt = new Date();
  const baseUrl = body.baseUrl ?? null;
  const sealedApiKey = await seal(body.apiKey, env.CREDENTIALS_KEY, `${organizationId}/${provider}`);
  const done = await attempt("postgres", async () => {
    await writeCredential(connect(env), { organizationId, provider, sealedApiKey, baseUrl, updatedAt });
    await forgetSnapshots(env, organizationId);
  });
  return done.kind === "unavailable" ? done : { kind: "answered", value: { provider, baseUrl, updatedAtMs: updatedAt.getTime() } };
};

export const listCredentials: Handler<"listCredentials"> = async (env, { params: { organizationId }, query }) => {
  const page = readSettingsPage(query);
  if (page.kind === "failure") return page;
  const organization = await findOrganization(env, organizationId);
  if (organization.kind !== "answered") return organization;
  return await attempt("postgres", async () => {
    const { rows, nextCursor } = await readCredentials(connect(env), organizationId, page);
    return { credentials: [...rows], nextCursor };
  });
};

/** None is stored afterwards, whether there was one or not: who was told 503 may ask again. */
export const deleteCredential: Handler<"deleteCredential"> = async (env, { params: { organizationId, provider } }) => {
  const organization = await findOrganization(env, organizationId);
  if (organization.kind !== "answered") return organization;
  const done = await attempt("postgres", async () => {
    await removeCredential(connect(env), organizationId, provider);
    await forgetSnapshots(env, organizationId);
  });
  return done.kind === "unavailable" ? done : { kind: "answered", value: { provider } };
};

export const putPriceOverride: Handler<"putPriceOverride"> = async (env, { params: { organizationId, provider }, body }) => {
  const organization = await findOrganization(env, organizationId);
  if (organization.kind !== "answered") return organization;
  const { model, ratesNanoUsdPerThousand } = body;
  const updatedAt = new Date();
  const priceVersion = `override@${updatedAt.toISOString()}`;
  const done = await attempt("postgres", async () => {
    await writePriceOverride(connect(env), { organizationId, provider, model, ratesNanoUsdPerThousand, priceVersion, updatedAt });
    await forgetSnapshots(env, organizationId);
  });
  if (done.kind === "unavailable") return done;
  return { kind: "answered", value: { provider, model, ratesNanoUsdPerThousand, priceVersion, updatedAtMs: updatedAt.getTime() } };
};

export const listPriceOverrides: Handler<"listPriceOverrides"> = async (env, { params: { organizationId }, query }) => {
  const page = readSettingsPage(query);
  if (page.kind === "failure") return page;
  const organization = await findOrganization(env, organizationId);
  if (organization.kind !== "answered") return organization;
  return await attempt("postgres", async () => {
    const { rows, nextCursor } = await readPriceOverrides(connect(env), organizationId, page);
    return { priceOverrides: [...rows], nextCursor };
  });
};

/** None is set afterwards, as with a credential. */
export const deletePriceOverride: Handler<"deletePriceOverride"> = async (
  env,
  { params: { organizationId, provider }, query: { model } },
) => {
  const organization = await findOrganization(env, organizationId);
  if (organization.kind !== "answered") return organization;
  const done = await attempt("postgres", async () => {
    await removePriceOverride(connect(env), organizationId, { provider, model });
    await forgetSnapshots(env, organizationId);
  });
  return done.kind === "unavailable" ? done : { kind: "answered", value: { provider, model } };
};

/**
 * Lets the edges read an organisation's settings anew. A region that cannot be told does so by itself when its copy
 * expires, within a minute, so that is no failure of the request.
 */
async function forgetSnapshots(env: AppEnvironment, organizationId: OrganizationId): Promise<void> {
  const keyIds = await readLiveKeyIds(connect(env), organizationId);
  const regions = regionSchema.options.filter((region) => hasCache(env, region));
  await Promise.all(
    regions.map(async (region) => {
      const done = await forgetCached(env, region, keyIds);
      if (done.kind === "unavailable") log("key_snapshots_not_forgotten", { region, code: done.code });
    }),
  );
}
