import type { CredentialsEnvironment } from "#adapters/credentials.ts";
import type { LimiterBinding } from "#adapters/limits/stubs.ts";
import type { RecorderEnv } from "#adapters/recorder/send-batch.ts";
import type { KeysEnvironment } from "#adapters/virtual-keys.ts";
import { nearestRegion } from "#core/gateway/nearest-region.ts";
import { regionSchema, type Region } from "#core/contracts/region.ts";

/** Bindings, variables and secrets of the gateway (`wrangler.toml`). */
export interface GatewayEnvironment extends KeysEnvironment, CredentialsEnvironment, RecorderEnv, LimiterBinding {
  /** The serving region, where requests carry no location. */
  readonly REGION?: string;
  /** Who takes the paths that are not the gateway's, where one address serves all without routes (one machine). */
  readonly INGEST?: Fetcher;
}

/** The configured region nearest to where the request entered. */
export function servingRegion(env: Pick<GatewayEnvironment, "REGION">, request: Request): Region {
  const configured = regionSchema.safeParse(env.REGION);
  if (configured.success) return configured.data;
  const { latitude, longitude } = request.cf ?? {};
  return nearestRegion(Number(latitude ?? 0), Number(longitude ?? 0));
}
