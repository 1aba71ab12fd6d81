import { clickhouseOf } from "#adapters/clickhouse/client.ts";
import { connect } from "#adapters/postgres/database.ts";
import { bucketOf } from "#adapters/r2/buckets.ts";
import { redisOf } from "#adapters/redis/client.ts";
import { regionSchema } from "#core/contracts/region.ts";
import type { AppEnvironment } from "./environment.ts";

const timeoutMs = 2_000;

/** `GET /ready`: every store that the app leans on, all asked at once; 503 where one is down, naming it. */
export async function readiness(env: AppEnvironment): Promise<Response> {
  const checks = new Map<string, () => Promise<unknown>>([["postgres", async () => await connect(env).execute("select 1")]]);
  for (const region of regionSchema.options) {
    checks.set(`clickhouse ${region}`, async () => await askClickhouse(env, region));
    checks.set(`redis ${region}`, async () => await redisOf(env, region).ping());
    checks.set(`r2 ${region}`, async () => await bucketOf(env, region).head("ready"));
  }
  const states = await Promise.all(Array.from(checks, async ([name, check]) => [name, await stateOf(name, check)] as const));
  const down = states.filter(([, state]) => state === "down").map(([name]) => name);
  const isReady = down.length === 0;
  return Response.json(
    { status: isReady ? "ready" : "degraded", down, checks: Object.fromEntries(states) },
    { status: isReady ? 200 : 503 },
  );
}

async function askClickhouse(env: AppEnvironment, region: (typeof regionSchema.options)[number]): Promise<unknown> {
  const result = await clickhouseOf(env, region).query({
    query: "SELECT 1",
    format: "JSONEachRow",
    abort_signal: AbortSignal.timeout(timeoutMs),
  });
  return await result.json();
}

async function stateOf(name: string, check: () => Promise<unknown>): Promise<"up" | "down"> {
  const late = Promise.withResolvers<"down">();
  const timer = setTimeout(() => {
    late.resolve("down");
  }, timeoutMs);
  try {
    return await Promise.race([check().then(() => "up" as const), late.promise]);
  } catch (error) {
    console.warn(`not ready: ${name}:`, error);
    return "down";
  } finally {
    clearTimeout(timer);
  }
}
