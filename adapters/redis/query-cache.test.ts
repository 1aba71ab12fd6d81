import { afterAll, beforeAll, describe, test } from "vitest";
import * as z from "zod";
import { startRedis } from "#migrations/redis.fixture.ts";
import { cachedAnswer } from "./query-cache.ts";

let server: Awaited<ReturnType<typeof startRedis>>;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(async () => {
  await server.stop();
});

const region = "eu-west";
const schema = z.strictObject({ sum: z.string() });

/** Counts how often it is asked; what it is asked first waits for `release`. */
function computing() {
  const held = Promise.withResolvers<undefined>();
  const counted = { times: 0 };
  return {
    counted,
    release: () => held.resolve(undefined),
    compute: async () => {
      counted.times += 1;
      await held.promise;
      return { kind: "answered", value: { sum: String(counted.times) } } as const;
    },
  };
}

describe("the cache of answers", () => {
  test("of many who ask the same at once one computes, and all have its answer", async ({ expect }) => {
    const { counted, release, compute } = computing();
    const ask = async () => await cachedAnswer(server.env, region, ["a", { from: 1 }], schema, compute);
    const first = ask();
    await expect.poll(() => counted.times).toBe(1);
    const others = Array.from({ length: 5 }, ask);
    release();
    expect(await Promise.all([first, ...others])).toEqual(Array.from({ length: 6 }, () => ({ kind: "answered", value: { sum: "1" } })));
    expect(await ask()).toEqual({ kind: "answered", value: { sum: "1" } });
    expect(counted.times).toBe(1);
  });

  test("who waits for an answer that does not come computes it", async ({ expect }) => {
    const stuck = computing();
    const first = cachedAnswer(server.env, region, "stuck", schema, stuck.compute);
    await expect.poll(() => stuck.counted.times).toBe(1);
    const other = computing();
    other.release();
    expect(await cachedAnswer(server.env, region, "stuck", schema, other.compute)).toEqual({ kind: "answered", value: { sum: "1" } });
    expect(other.counted.times).toBe(1);
    stuck.release();
    await first;
  });

  test("another question, a store's failure and an answer of another shape are no answer", async ({ expect }) => {
    const { counted, release, compute } = computing();
    release();
    await cachedAnswer(server.env, region, "shape", schema, compute);
    await cachedAnswer(server.env, region, "other", schema, compute);
    expect(counted.times).toBe(2);
    const newer = z.strictObject({ total: z.number() });
    const answer = { kind: "answered", value: { total: 3 } } as const;
    expect(await cachedAnswer(server.env, region, "shape", newer, async () => await Promise.resolve(answer))).toEqual(answer);
    const failed = { kind: "unavailable", store: "clickhouse", code: "", reason: "down" } as const;
    expect(await cachedAnswer(server.env, region, "failing", schema, async () => await Promise.resolve(failed))).toEqual(failed);
    await cachedAnswer(server.env, region, "failing", schema, compute);
    expect(counted.times).toBe(3);
  });

  test("without a cache, or with one that is down, every question is computed", async ({ expect }) => {
    const { counted, release, compute } = computing();
    release();
    const down = { UPSTASH_REDIS_REST_URL_EU_WEST: "http://127.0.0.1:9", UPSTASH_REDIS_REST_TOKEN_EU_WEST: "t" };
    for (const env of [{}, down, {}, down]) await cachedAnswer(env, region, "x", schema, compute);
    expect(counted.times).toBe(4);
  });

  test("no answer is kept for long", async ({ expect }) => {
    const { release, compute } = computing();
    release();
    await cachedAnswer(server.env, region, "kept", schema, compute);
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode('"kept"')));
    const name = `query:${Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
    const [left = -1] = await server.secondsLeft([name]);
    expect(left > 5 && left <= 10).toBe(true);
  });
});
