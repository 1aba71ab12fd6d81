import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, test } from "vitest";
import { bufferLimits } from "#core/ingest/buffer.ts";
import { parseObjectKey } from "#core/ingest/object-key.ts";
import type { EventBuffer } from "./event-buffer.ts";
import {
  bucketThat,
  crash,
  deliveries,
  framesOf,
  namesIn,
  namesOf,
  never,
  newBuffer,
  objectKeys,
  queueThat,
  rebind,
  rowsOf,
  until,
  type TestBuffer,
} from "./buffer.fixture.ts";

const refusing = bucketThat(() => Promise.reject(new Error("bucket is down")));

async function acknowledgeKeys(buffer: TestBuffer, keys: readonly string[], outcome: "done" | "dead" = "done"): Promise<void> {
  const items = keys.flatMap((text) => {
    const key = parseObjectKey(text);
    return key?.kind === "buffer" ? [{ epoch: key.epoch, seq: key.seq, outcome }] : [];
  });
  await buffer.acknowledge(items);
}

test("a buffer that is first reached by its id alone, as from another process, knows whose it is", async ({ expect }) => {
  const id = env.EVENT_BUFFER.idFromString(env.EVENT_BUFFER.idFromName("eu-west:0").toString());
  const names = await runInDurableObject(env.EVENT_BUFFER.get(id), (_, state) => [
    state.id.name,
    ...state.storage.sql.exec("SELECT value FROM meta WHERE name = 'name'").toArray(),
  ]);
  expect(names).toEqual([undefined, { value: "eu-west:0" }]);
});

describe("append", () => {
  test("what is stored becomes one object, its key comes by the queue, and an acknowledgement ends it", async ({ expect }) => {
    const { shard, buffer } = newBuffer();
    expect(await buffer.append("a", framesOf("one", "two"))).toEqual({ kind: "stored" });
    expect(await buffer.status()).toMatchObject({ unsealedBytes: 18, unsealedEvents: 2, sealedUnacknowledged: 0, stored: 2, dead: 0 });
    const [key = ""] = await until(() => {
      const keys = Object.keys(deliveries(shard));
      expect(keys).toHaveLength(1);
      return keys;
    });
    expect(await namesIn(key)).toEqual(["one", "two"]);
    await until(async () =>
      expect(await buffer.status()).toMatchObject({ unsealedBytes: 0, unsealedEvents: 0, sealedUnacknowledged: 1, stored: 2 }),
    );
    expect(await rowsOf(buffer, "segment")).toEqual([]);
    await acknowledgeKeys(buffer, [key]);
    expect(await buffer.status()).toMatchObject({ sealedUnacknowledged: 0, oldestUnacknowledgedAtMs: null, stored: 2, dead: 0 });
  });

  test("50 appends at once are at most 3 rows, and none is missing", async ({ expect }) => {
    const { shard, buffer } = newBuffer();
    await rebind(buffer, { BUCKET_US_EAST: refusing });
    const names = Array.from({ length: 50 }, (_, index) => `event-${index}`);
    const replies = await Promise.all(names.map((name) => buffer.append(`id-${name}`, framesOf(name))));
    expect(replies).toEqual(names.map(() => ({ kind: "stored" })));
    expect((await rowsOf(buffer, "segment")).length).toBeLessThanOrEqual(3);
    await rebind(buffer, {});
    await until(async () => expect(new Set(await namesOf(shard))).toEqual(new Set(names)));
  });

  test("one append of 5 MB is cut into rows of at most 1.9 MB, and is whole again in its object", async ({ expect }) => {
    const { shard, buffer } = newBuffer();
    await rebind(buffer, { BUCKET_US_EAST: refusing });
    const name = "x".repeat(5_000_000);
    await buffer.append("large", framesOf(name, "after"));
    const rows = await rowsOf(buffer, "segment");
    expect(rows.map(({ frames }) => (frames instanceof ArrayBuffer ? frames.byteLength : frames))).toEqual([
      1_900_000, 1_900_000, 1_200_017,
    ]);
    await rebind(buffer, {});
    await until(async () => expect(await namesOf(shard)).toEqual([name, "after"]));
    expect(await objectKeys(shard)).toHaveLength(1);
  });

  test("4 MB are sealed at once, without waiting for their age", async ({ expect }) => {
    const { shard, buffer } = newBuffer();
    const names = Array.from({ length: 9 }, (_, index) => `${index}`.repeat(1_000_000));
    for (const [index, name] of names.entries()) await buffer.append(`seal-${index}`, framesOf(name));
    await until(async () => expect(await namesOf(shard)).toEqual(names));
    const sizes = (await rowsOf(buffer, "object")).map(({ bytes }) => Number(bytes));
    expect(sizes.reduce((sum, bytes) => sum + bytes, 0)).toBe(9 * 1_000_006);
    expect(sizes.filter((bytes) => bytes > bufferLimits.sealBytes)).toEqual([]);
  });

  test("the same append id is stored once: at once, again, after an eviction, after a crash, after its object went", async ({ expect }) => {
    const { shard, buffer } = newBuffer();
    const again = () => buffer.append("same", framesOf("only"));
    expect(await Promise.all([again(), again()])).toEqual([{ kind: "stored" }, { kind: "stored" }]);
    expect(await again()).toEqual({ kind: "stored" });
    await evictDurableObject(buffer.stub());
    expect(await again()).toEqual({ kind: "stored" });
    await crash();
    expect(await again()).toEqual({ kind: "stored" });
    await until(async () => {
      const keys = Object.keys(deliveries(shard));
      expect(keys).toHaveLength(1);
      await acknowledgeKeys(buffer, keys);
      expect(await buffer.status()).toMatchObject({ sealedUnacknowledged: 0 });
    });
    await crash();
    expect(await again()).toEqual({ kind: "stored" });
    expect(await buffer.status()).toMatchObject({ stored: 1, unsealedEvents: 0 });
    expect(await namesOf(shard)).toEqual(["only"]);
  });

  test("an append id is forgotten after two minutes, also where its object still waits", async ({ expect }) => {
    const { shard, buffer } = newBuffer();
    await buffer.append("a", framesOf("one"));
    await until(() => expect(Object.keys(deliveries(shard))).toHaveLength(1));
    await runInDurableObject(buffer.stub(), (_, state) => {
      state.storage.sql.exec("UPDATE object SET sealed_at_ms = sealed_at_ms - ?", bufferLimits.appendIdMs + 1000);
    });
    await crash();
    await buffer.append("a", framesOf("two"));
    expect(await buffer.status()).toMatchObject({ stored: 2 });
  });

  test("past 32 MB that the bucket does not take, appends are refused with a pause, and taken again afterwards", async ({ expect }) => {
    const { shard, buffer } = newBuffer();
    await rebind(buffer, { BUCKET_US_EAST: refusing });
    const name = "x".repeat(8_000_000);
    for (const id of ["1", "2", "3", "4"]) expect(await buffer.append(id, framesOf(name))).toEqual({ kind: "stored" });
    expect(await buffer.append("5", framesOf(name))).toEqual({ kind: "overloaded", retryAfterMs: 1000 });
    // One that is stored already is not refused.
    expect(await buffer.append("4", framesOf(name))).toEqual({ kind: "stored" });
    await rebind(buffer, {});
    await until(async () => expect(await buffer.append("5", framesOf(name))).toEqual({ kind: "stored" }));
    await until(async () => expect(await namesOf(shard)).toHaveLength(5));
    expect((await buffer.status()).stored).toBe(5);
  });

  test("bytes that are not whole frames, and ids that are none, are refused and leave nothing", async ({ expect }) => {
    const { buffer } = newBuffer();
    await runInDurableObject(buffer.stub(), async (instance: EventBuffer) => {
      await expect(instance.append("a", new Uint8Array([0, 0, 0, 9, 1]))).rejects.toThrow(RangeError);
      await expect(instance.append("a\nb", framesOf("x"))).rejects.toThrow(RangeError);
      expect(await instance.status()).toMatchObject({ stored: 0, unsealedBytes: 0 });
    });
  });
});

describe("a crash between each two steps loses nothing and doubles no object", () => {
  test("appended, not yet sealed", async ({ expect }) => {
    const { shard, buffer } = newBuffer();
    await buffer.append("a", framesOf("one"));
    await crash();
    await buffer.append("b", framesOf("two"));
    await until(async () => expect(await namesOf(shard)).toEqual(["one", "two"]));
  });

  test("sealed, not yet in the bucket: what comes later is another object", async ({ expect }) => {
    const { shard, buffer } = newBuffer();
    await rebind(buffer, { BUCKET_US_EAST: bucketThat(never) });
    await buffer.append("a", framesOf("one"));
    await until(async () => expect(await rowsOf(buffer, "object")).toMatchObject([{ seq: 1, state: "sealed" }]));
    expect(await objectKeys(shard)).toEqual([]);
    await crash();
    await buffer.append("b", framesOf("two"));
    await until(async () => expect(await Promise.all((await objectKeys(shard)).map(namesIn))).toEqual([["one"], ["two"]]));
  });

  test("in the bucket, not yet noted: the object stays as it is, and its key goes out", async ({ expect }) => {
    const { shard, buffer } = newBuffer();
    await rebind(buffer, { BUCKET_US_EAST: bucketThat((real) => real().then(never)) });
    await buffer.append("a", framesOf("one"));
    const [key = ""] = await until(async () => {
      const keys = await objectKeys(shard);
      expect(keys).toHaveLength(1);
      return keys;
    });
    const before = await env.BUCKET_US_EAST.head(key);
    expect(await rowsOf(buffer, "object")).toMatchObject([{ state: "sealed" }]);
    await crash();
    await buffer.status();
    await until(() => expect(deliveries(shard)).toEqual({ [key]: 1 }));
    expect((await env.BUCKET_US_EAST.head(key))?.version).toBe(before?.version);
    expect(await namesOf(shard)).toEqual(["one"]);
  });

  test("noted, its key not yet sent", async ({ expect }) => {
    const { shard, buffer } = newBuffer();
    await rebind(buffer, { QUEUE_US_EAST: queueThat(never) });
    await buffer.append("a", framesOf("one"));
    await until(async () => expect(await rowsOf(buffer, "object")).toMatchObject([{ state: "put" }]));
    await crash();
    expect(deliveries(shard)).toEqual({});
    await buffer.status();
    await until(() => expect(Object.values(deliveries(shard))).toEqual([1]));
  });

  test("its key sent, that not yet noted: it is sent again, and one acknowledgement is enough", async ({ expect }) => {
    const { shard, buffer } = newBuffer();
    await rebind(buffer, { QUEUE_US_EAST: queueThat((real) => real().then(never)) });
    await buffer.append("a", framesOf("one"));
    await until(() => expect(Object.values(deliveries(shard))).toEqual([1]));
    await crash();
    await buffer.status();
    await until(() => expect(Object.values(deliveries(shard))).toEqual([2]));
    await acknowledgeKeys(buffer, Object.keys(deliveries(shard)));
    expect(await buffer.status()).toMatchObject({ sealedUnacknowledged: 0, stored: 1 });
  });

  test("acknowledged: it stays so, and the next object has the next number", async ({ expect }) => {
    const { shard, buffer } = newBuffer();
    await buffer.append("a", framesOf("one"));
    await until(() => expect(Object.values(deliveries(shard))).toEqual([1]));
    await until(async () => expect(await rowsOf(buffer, "object")).toMatchObject([{ state: "sent" }]));
    await acknowledgeKeys(buffer, Object.keys(deliveries(shard)));
    await crash();
    expect(await buffer.status()).toMatchObject({ sealedUnacknowledged: 0, stored: 1 });
    await buffer.append("b", framesOf("two"));
    await until(() => expect(Object.keys(deliveries(shard)).map((key) => key.split("/").at(-1))).toEqual(["1", "2"]));
    expect(await buffer.status()).toMatchObject({ stored: 2 });
  });
});

describe("outbox", () => {
  test("a bucket that fails is tried again until it takes the object", async ({ expect }) => {
    const { shard, buffer } = newBuffer();
    let tries = 0;
    await rebind(buffer, {
      BUCKET_US_EAST: bucketThat((real) => {
        tries += 1;
        return tries <= 2 ? Promise.reject(new Error("bucket is down")) : real();
      }),
    });
    await buffer.append("a", framesOf("one"));
    await until(() => expect(Object.values(deliveries(shard))).toEqual([1]));
    expect(tries).toBe(3);
  });

  test("a queue that fails is tried again until it takes the key", async ({ expect }) => {
    const { shard, buffer } = newBuffer();
    let tries = 0;
    await rebind(buffer, {
      QUEUE_US_EAST: queueThat((real) => {
        tries += 1;
        return tries <= 2 ? Promise.reject(new Error("queue is down")) : real();
      }),
    });
    await buffer.append("a", framesOf("one"));
    await until(() => expect(Object.values(deliveries(shard))).toEqual([1]));
    expect(tries).toBe(3);
  });

  test("a lost acknowledgement: the key comes again, by the alarm alone", async ({ expect }) => {
    const { shard, buffer } = newBuffer();
    await buffer.append("a", framesOf("one"));
    await until(() => expect(Object.values(deliveries(shard))).toEqual([1]));
    await until(async () => expect(await rowsOf(buffer, "object")).toMatchObject([{ state: "sent" }]));
    // A restart shortens the ten seconds to two.
    await crash();
    await buffer.status();
    await until(() => expect(Object.values(deliveries(shard))).toEqual([2]));
  });

  test("a crash in a drain that an alarm came into: the object still goes out, though nobody asks", async ({ expect }) => {
    const { shard, buffer } = newBuffer();
    await rebind(buffer, { BUCKET_US_EAST: bucketThat(never) });
    const large = "x".repeat(bufferLimits.sealBytes);
    // So large that it is sealed at once; its alarm comes while it is being put.
    await buffer.append("a", framesOf(large));
    await until(async () => {
      const alarmAtMs = await runInDurableObject(buffer.stub(), async (_, state) => await state.storage.getAlarm());
      expect(alarmAtMs).toBe(null);
    });
    await crash();
    await until(async () => expect((await namesOf(shard)).map((name) => String(name).length)).toEqual([large.length]));
  });

  test("a buffer that lost its alarm goes on when anybody asks it anything", async ({ expect }) => {
    const { shard, buffer } = newBuffer();
    await buffer.append("a", framesOf("one"));
    await runInDurableObject(buffer.stub(), async (_, state) => {
      await state.storage.deleteAlarm();
      await state.storage.sync();
    });
    await crash();
    expect(await namesOf(shard)).toEqual([]);
    await buffer.status();
    await until(() => expect(Object.values(deliveries(shard))).toEqual([1]));
  });

  test("a doubled acknowledgement counts once; one of another epoch or of an unknown object not at all", async ({ expect }) => {
    const { shard, buffer } = newBuffer();
    await buffer.append("a", framesOf("one"));
    await until(() => expect(Object.values(deliveries(shard))).toEqual([1]));
    const { epoch } = await buffer.status();
    await buffer.acknowledge([
      { epoch: epoch + 1, seq: 1, outcome: "dead" },
      { epoch, seq: 99, outcome: "dead" },
    ]);
    expect(await buffer.status()).toMatchObject({ sealedUnacknowledged: 1, dead: 0 });
    const item = { epoch, seq: 1, outcome: "dead" } as const;
    await buffer.acknowledge([item, item]);
    await buffer.acknowledge([item]);
    expect(await buffer.status()).toMatchObject({ sealedUnacknowledged: 0, dead: 1 });
  });

  test("one object that is never acknowledged holds up none after it", async ({ expect }) => {
    const { shard, buffer } = newBuffer();
    for (const name of ["poison", "two", "three"]) {
      await buffer.append(name, framesOf(name));
      await until(async () => expect((await namesOf(shard)).at(-1)).toBe(name));
    }
    await until(() => expect(Object.keys(deliveries(shard))).toHaveLength(3));
    await until(async () => expect((await rowsOf(buffer, "object")).map(({ state }) => state)).toEqual(["sent", "sent", "sent"]));
    await acknowledgeKeys(buffer, Object.keys(deliveries(shard)).slice(1));
    expect((await rowsOf(buffer, "object")).map(({ state }) => state)).toEqual(["sent", "acknowledged", "acknowledged"]);
  });

  test("the epoch belongs to the storage: it outlives a crash", async ({ expect }) => {
    const { buffer } = newBuffer();
    const { epoch } = await buffer.status();
    await crash();
    expect((await buffer.status()).epoch).toBe(epoch);
  });
});
