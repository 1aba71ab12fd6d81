import type { ClickhouseEnvironment } from "#adapters/clickhouse/client.ts";
import type { RootBinding } from "#adapters/limits/stubs.ts";
import type { PostgresEnvironment } from "#adapters/postgres/database.ts";
import type { BufferBinding } from "#adapters/recorder/buffer-stub.ts";
import type { Buckets } from "#adapters/r2/buckets.ts";
import type { RedisEnvironment } from "#adapters/redis/client.ts";

/** What the app Worker is given; `wrangler.toml` says where it comes from. */
export interface AppEnvironment extends PostgresEnvironment, ClickhouseEnvironment, RedisEnvironment, Buckets, BufferBinding, RootBinding {
  readonly CREDENTIALS_KEY: string;
  readonly ADMIN_KEY: string;
  /** Opens `GET /metrics`, and nothing else. */
  readonly METRICS_TOKEN?: string;
  readonly ASSETS: Fetcher;
  /** `TrustedCalls` of the gateway. */
  readonly GATEWAY: Fetcher;
}
