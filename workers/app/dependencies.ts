import { clickhouseOf, hasClickhouse } from "#adapters/clickhouse/client.ts";
import { log } from "#adapters/log.ts";
import { connect } from "#adapters/postgres/database.ts";
import { bucketOf } from "#adapters/r2/buckets.ts";
import { bufferStub } from "#adapters/recorder/buffer-stub.ts";
import { hasCache, redisOf } from "#adapters/redis/client.ts";
import { errorClass } from "#adapters/unavailable.ts";
import { within } from "#adapters/within.ts";
import type { Dependency } from "#core/contracts/api/dependencies.ts";
import { regionSchema, type Region } from "#core/contracts/region.ts";
import { shardsOf } from "#core/ingest/shard.ts";
import type { AppEnvironment } from "./environment.ts";

/** Something that the app leans on. */
export interface DependencyCheck {
  readonly store: Dependency["store"];
  readonly region: Region | null;
  readonly isConfigured: boolean;
  /** Throws where it does not answer. */
  readonly ask: () => Promise<unknown>;
}

const answerWithinMs = 2_000;

/** Every store of every region, each with the smallest question that it can be asked. */
export function dependenciesOf(env: AppEnvironment): DependencyCheck[] {
  return [
    { store: "postgres", region: null, isConfigured: true, ask: async () => await connect(env).execute("select 1") },
    ...regionSchema.options.flatMap((region): DependencyCheck[] => [
      { store: "clickhouse", region, isConfigured: hasClickhouse(env, region), ask: async () => await askClickhouse(env, region) },
      { store: "redis", region, isConfigured: hasCache(env, region), ask: async () => await redisOf(env, region).ping() },
      { store: "r2", region, isConfigured: true, ask: async () => await bucketOf(env, region).head("ready") },
      {
        store: "buffer",
        region,
        isConfigured: true,
        ask: async () => await Promise.all(shardsOf(region).map(async (shard) => await bufferStub(env, region, shard).status())),
      },
    ]),
  ];
}

/** All of them, asked at once; none is waited for longer than `limitMs`. Never throws. */
export async function readDependencies(env: AppEnvironment, limitMs: number = answerWithinMs): Promise<Dependency[]> {
  return await Promise.all(dependenciesOf(env).map(async (check) => await readDependency(check, limitMs)));
}

/** What a store says may name its address, so of an error only its class or code is told. */
async function readDependency({ store, region, isConfigured, ask }: DependencyCheck, limitMs: number): Promise<Dependency> {
  if (!isConfigured) return { store, region, status: "not_configured", latencyMs: null, error: null };
  const startedAtMs = Date.now();
  try {
    await within(ask(), limitMs);
    return { store, region, status: "up", latencyMs: Date.now() - startedAtMs, error: null };
  } catch (error) {
    log("dependency_down", { store, ...(region === null ? {} : { region }), error });
    return { store, region, status: "down", latencyMs: Date.now() - startedAtMs, error: errorClass(error) };
  }
}

async function askClickhouse(env: AppEnvironment, region: Region): Promise<unknown> {
  const result = await clickhouseOf(env, region).query({
    query: "SELECT 1",
    format: "JSONEachRow",
    // The client's own patience is 30 s, and what it still waits for would outlive the answer.
    abort_signal: AbortSignal.timeout(answerWithinMs),
  });
  return await result.json();
}
