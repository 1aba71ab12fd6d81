import { afterAll, beforeAll, describe, test } from "vitest";
import { keySnapshotSchema, type KeySnapshot } from "#core/contracts/key-snapshot.ts";
import { startRedis } from "#migrations/redis.fixture.ts";
import { forgetCached, readCached, replaceCached, writeCached } from "./key-snapshot-cache.ts";

let server: Awaited<ReturnType<typeof startRedis>>;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(async () => {
  await server.stop();
});

const region = "eu-west";
const snapshotOf = (digit: string): KeySnapshot =>
  keySnapshotSchema.parse({
    keyId: digit.repeat(16),
    secretHash: "ab".repeat(32),
    organizationId: "0193c5a0-0000-7000-8000-000000000001",
    projectId: "0193c5a0-0000-7000-8000-000000000002",
    homeRegion: "eu-west",
    record: "durable",
    revoked: false,
    credentials: { acme: { baseUrl: null, sealedApiKey: "v1.x" } },
    priceOverrides: { "openai/m": { priceVersion: "1", ratesNanoUsdPerThousand: { inputTokens: 1, outputTokens: 2 } } },
  });

describe("the cache of key snapshots", () => {
  test("gives back what was written, until it is forgotten", async ({ expect }) => {
    const snapshot = snapshotOf("1");
    expect(await readCached(server.env, region, snapshot.keyId)).toEqual({ kind: "miss" });
    expect(await writeCached(server.env, region, snapshot)).toEqual({ kind: "written" });
    expect(await readCached(server.env, region, snapshot.keyId)).toEqual({ kind: "hit", snapshot });
    expect(await forgetCached(server.env, region, [snapshot.keyId])).toEqual({ kind: "written" });
    expect(await readCached(server.env, region, snapshot.keyId)).toEqual({ kind: "miss" });
  });

  test("a reader that was slow does not bring a revoked key back", async ({ expect }) => {
    const snapshot = snapshotOf("2");
    const tombstone = { ...snapshot, revoked: true };
    await writeCached(server.env, region, snapshot);
    expect(await replaceCached(server.env, region, [tombstone])).toEqual({ kind: "written" });
    await writeCached(server.env, region, snapshot);
    expect(await readCached(server.env, region, snapshot.keyId)).toEqual({ kind: "hit", snapshot: tombstone });
  });

  test("nothing is kept for ever", async ({ expect }) => {
    const snapshot = snapshotOf("3");
    await writeCached(server.env, region, snapshot);
    await replaceCached(server.env, region, [snapshotOf("4")]);
    const left = await server.secondsLeft([`key:${"3".repeat(16)}`, `key:${"4".repeat(16)}`]);
    expect(left.map((seconds) => seconds > 50 && seconds <= 60)).toEqual([true, true]);
  });

  test("a cache that is down, or not there, is a value", async ({ expect }) => {
    const { keyId } = snapshotOf("5");
    const down = { UPSTASH_REDIS_REST_URL_EU_WEST: "http://127.0.0.1:9", UPSTASH_REDIS_REST_TOKEN_EU_WEST: "t" };
    expect(await readCached(down, region, keyId)).toMatchObject({ kind: "unavailable", store: "redis" });
    expect(await readCached({}, region, keyId)).toEqual({
      kind: "unavailable",
      store: "redis",
      code: "",
      reason: "UPSTASH_REDIS_REST_URL_EU_WEST and its TOKEN are not both set",
    });
  });
});
