import { createServer, type Server } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, test, vi } from "vitest";
import { failure } from "#core/contracts/error.ts";
import { keySnapshotSchema } from "#core/contracts/key-snapshot.ts";
import { startRedis } from "#migrations/redis.fixture.ts";
import { forgetCached, replaceCached } from "./redis/key-snapshot-cache.ts";
import { makeVirtualKey } from "./virtual-key.ts";
import { lookUpKey, type KeysEnvironment } from "./virtual-keys.ts";

const region = "eu-west";
const envOf = (redisUrl: string, postgresUrl: string): KeysEnvironment => ({
  UPSTASH_REDIS_REST_URL_EU_WEST: redisUrl,
  UPSTASH_REDIS_REST_TOKEN_EU_WEST: "token",
  DATABASE_URL: "postgres://u:p@127.0.0.1/db",
  NEON_FETCH_ENDPOINT: postgresUrl,
});
const refused = "http://127.0.0.1:9";
/** Stores that refuse at once: whoever asks them is told that they are down. */
const down = envOf(refused, refused);

let redis: Awaited<ReturnType<typeof startRedis>>;
/** A store that takes connections and never answers. */
let silent: Server;
let up: KeysEnvironment;
let hanging: KeysEnvironment;
beforeAll(async () => {
  redis = await startRedis();
  up = { ...down, ...redis.env };
  silent = createServer((socket) => socket.on("error", () => undefined));
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const address = silent.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  hanging = envOf(`http://127.0.0.1:${address.port}`, refused);
});
afterAll(async () => {
  silent.close();
  await redis.stop();
});
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** What a call gets, and what goes on beside it. */
async function lookUp(env: KeysEnvironment, key: string) {
  const beside: Promise<unknown>[] = [];
  const lookup = await lookUpKey(env, { waitUntil: (work: Promise<unknown>) => void beside.push(work) }, region, key);
  return { lookup, beside };
}

/** A key that the region's Redis knows. */
async function makeKey() {
  const { key, keyId, secretHash } = await makeVirtualKey();
  const snapshot = keySnapshotSchema.parse({
    keyId,
    secretHash,
    organizationId: "0193c5a0-0000-7000-8000-000000000001",
    projectId: "0193c5a0-0000-7000-8000-000000000002",
    homeRegion: region,
    record: "normal",
    revoked: false,
    credentials: {},
    priceOverrides: {},
  });
  await replaceCached(redis.env, region, [snapshot]);
  return { key, snapshot };
}

describe("lookUpKey", () => {
  test("in an outage a known key waits for the stores once, and never again while calls go on", async ({ expect }) => {
    const { key, snapshot } = await makeKey();
    const known = { kind: "key", snapshot };
    expect(await lookUp(up, key)).toEqual({ lookup: known, beside: [] });
    vi.setSystemTime(Date.now() + 5_001);
    expect(await lookUp(down, key)).toEqual({ lookup: known, beside: [] });
    let answered = 0;
    const tries: Promise<unknown>[] = [];
    for (let seconds = 0; seconds < 60; seconds += 15) {
      vi.setSystemTime(Date.now() + 15_000);
      const { lookup, beside } = await lookUp(hanging, key);
      expect([lookup, beside.length, answered]).toEqual([known, 1, 0]);
      tries.push(...beside.map(async (work) => await work.then(() => (answered += 1))));
    }
    await Promise.all(tries);
  });

  test("nothing older than ten minutes is used, whatever the stores do", async ({ expect }) => {
    const { key, snapshot } = await makeKey();
    await lookUp(up, key);
    vi.setSystemTime(Date.now() + 590_000);
    expect((await lookUp(down, key)).lookup).toEqual({ kind: "key", snapshot });
    vi.setSystemTime(Date.now() + 10_000);
    expect((await lookUp(down, key)).lookup).toMatchObject({ kind: "failure", code: "dependency_unavailable" });
  });

  test("a key that was revoked is refused as soon as it is no longer fresh, and after an outage by the first answer", async ({
    expect,
  }) => {
    const { key, snapshot } = await makeKey();
    await lookUp(up, key);
    await replaceCached(redis.env, region, [{ ...snapshot, revoked: true }]);
    vi.setSystemTime(Date.now() + 6_000);
    expect((await lookUp(down, key)).lookup).toEqual({ kind: "key", snapshot });
    vi.setSystemTime(Date.now() + 2_000);
    const { beside } = await lookUp(up, key);
    await Promise.all(beside);
    expect(await lookUp(up, key)).toEqual({ lookup: failure("revoked_api_key"), beside: [] });

    const other = await makeKey();
    await lookUp(up, other.key);
    await replaceCached(redis.env, region, [{ ...other.snapshot, revoked: true }]);
    vi.setSystemTime(Date.now() + 5_000);
    expect((await lookUp(up, other.key)).lookup).toEqual(failure("revoked_api_key"));
  });

  test("a known key is refreshed beside the calls that use it", async ({ expect }) => {
    const { key, snapshot } = await makeKey();
    await lookUp(up, key);
    const changed = { ...snapshot, record: "durable" as const };
    await replaceCached(redis.env, region, [changed]);
    vi.setSystemTime(Date.now() + 2_500);
    const { lookup, beside } = await lookUp(up, key);
    expect(lookup).toEqual({ kind: "key", snapshot });
    await Promise.all(beside);
    expect((await lookUp(down, key)).lookup).toEqual({ kind: "key", snapshot: changed });
  });

  test("what cannot be a key asks no store, and no number of wrong keys makes a good one unknown", async ({ expect }) => {
    const { key, snapshot } = await makeKey();
    await lookUp(up, key);
    for (let count = 0; count <= 10_000; count++) {
      const { lookup } = await lookUp(down, `${key}${count}`);
      if (lookup.kind !== "failure" || lookup.code !== "invalid_api_key") expect(lookup).toEqual(failure("invalid_api_key"));
    }
    expect((await lookUp(up, `${key.slice(0, -1)}_`)).lookup).toEqual(failure("invalid_api_key"));
    expect((await lookUp(down, key)).lookup).toEqual({ kind: "key", snapshot });
  });

  test("a wrong key is not looked up at every try", async ({ expect }) => {
    const { key, snapshot } = await makeKey();
    const wrong = `${key.slice(0, -2)}__`;
    await lookUp(up, wrong);
    expect((await lookUp(down, wrong)).lookup).toEqual(failure("invalid_api_key"));
    await forgetCached(redis.env, region, [snapshot.keyId]);
    vi.setSystemTime(Date.now() + 1_000);
    expect((await lookUp(down, wrong)).lookup).toMatchObject({ code: "dependency_unavailable" });
  });
});
