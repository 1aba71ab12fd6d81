import type { RecorderEnv } from "#adapters/recorder/send-batch.ts";
import type { KeysEnvironment } from "#adapters/virtual-keys.ts";

/** Bindings, variables and secrets of the ingest Worker (`wrangler.toml`). */
export interface IngestEnvironment extends KeysEnvironment, RecorderEnv {
  /** The serving region, where requests carry no location. */
  readonly REGION?: string;
}
