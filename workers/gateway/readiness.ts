import { connect } from "#adapters/postgres/database.ts";
import { bufferStub } from "#adapters/recorder/buffer-stub.ts";
import { redisOf } from "#adapters/redis/client.ts";
import { regionSchema } from "#core/contracts/region.ts";
import type { GatewayEnvironment } from "./environment.ts";

const timeoutMs = 2_000;

/** `GET /ready`: what the gateway leans on, each asked at once; 503 where something is down, and what it is. */
export async function readiness(env: GatewayEnvironment): Promise<Response> {
  const checks = new Map<string, () => Promise<unknown>>([["postgres", async () => await connect(env).execute("select 1")]]);
  for (const region of regionSchema.options) {
    checks.set(`redis ${region}`, async () => await redisOf(env, region).ping());
    checks.set(`buffer ${region}`, async () => await bufferStub(env, region, 0).status());
  }
  const states = await Promise.all([...checks].map(async ([name, check]) => [name, await stateOf(check)] as const));
  const down = states.filter(([, state]) => state !== "up").map(([name]) => name);
  return Response.json(
    { status: down.length === 0 ? "ready" : "degraded", down, checks: Object.fromEntries(states) },
    { status: down.length === 0 ? 200 : 503 },
  );
}

async function stateOf(check: () => Promise<unknown>): Promise<"up" | "down"> {
  const late = Promise.withResolvers<"down">();
  const timer = setTimeout(() => {
    late.resolve("down");
  }, timeoutMs);
  try {
    return await Promise.race([check().then(() => "up" as const), late.promise]);
  } catch {
    return "down";
  } finally {
    clearTimeout(timer);
  }
}
