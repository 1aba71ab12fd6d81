import fc from "fast-check";
import { describe, test } from "vitest";
import { bufferLimits } from "./buffer.ts";
import { advance, isForgettable, objectsToPut, objectsToSend, sealAtMs, wakeAtMs, type OutboxEvent, type OutboxObject } from "./outbox.ts";

const sealed = (seq: number, atMs: number): OutboxObject => ({ seq, state: "sealed", sealedAtMs: atMs, attempts: 0, nextAtMs: atMs });

/** One step of a world in which everything may fail. */
const step = fc.oneof(
  fc.record({ do: fc.constantFrom("seal" as const, "crash" as const) }),
  fc.record({ do: fc.constant("drain" as const), bucketTakes: fc.boolean(), queueTakes: fc.boolean(), queueSaysSo: fc.boolean() }),
  fc.record({
    do: fc.constant("deliver" as const),
    pick: fc.nat(),
    again: fc.boolean(),
    storeTakes: fc.boolean(),
    acknowledged: fc.boolean(),
  }),
  fc.record({ do: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 30_000 }) }),
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** The buffer's rows, a bucket, a queue that loses all on a crash, a store: all that one step may touch. */
class World {
  nowMs = 1_000_000;
  readonly objects = new Map<number, OutboxObject>();
  readonly bucket = new Set<number>();
  queue: number[] = [];
  readonly store = new Set<number>();
  readonly acknowledged = new Set<number>();

  apply(seq: number, event: OutboxEvent): void {
    const object = this.objects.get(seq);
    const change = object === undefined ? null : advance(object, event, this.nowMs);
    if (object !== undefined && change !== null) this.objects.set(seq, { ...object, ...change });
  }

  drain({ bucketTakes, queueTakes, queueSaysSo }: { bucketTakes: boolean; queueTakes: boolean; queueSaysSo: boolean }): void {
    for (const { seq } of objectsToPut(this.objects.values(), this.nowMs)) {
      if (bucketTakes) this.bucket.add(seq);
      this.apply(seq, bucketTakes ? "put" : "put-failed");
    }
    for (const { seq } of objectsToSend(this.objects.values(), this.nowMs)) {
      if (queueTakes) this.queue.push(seq);
      this.apply(seq, queueTakes && queueSaysSo ? "sent" : "send-failed");
    }
  }

  deliver({ pick, again, storeTakes, acknowledged }: { pick: number; again: boolean; storeTakes: boolean; acknowledged: boolean }): void {
    const seq = this.queue[pick % Math.max(1, this.queue.length)];
    if (seq === undefined) return;
    if (!again) this.queue = this.queue.filter((other) => other !== seq);
    if (!storeTakes || !this.bucket.has(seq)) return;
    this.store.add(seq);
    if (acknowledged) this.apply(seq, "acknowledged");
    if (acknowledged) this.acknowledged.add(seq);
  }

  take(each: Step): void {
    if (each.do === "seal") this.objects.set(this.objects.size + 1, sealed(this.objects.size + 1, this.nowMs));
    else if (each.do === "drain") this.drain(each);
    else if (each.do === "deliver") this.deliver(each);
    else if (each.do === "pass") this.nowMs += each.ms;
    else {
      this.queue = [];
      for (const seq of this.objects.keys()) this.apply(seq, "restarted");
    }
  }
}

describe("outbox", () => {
  test("whatever fails on the way, in the end every object is stored and acknowledged, driven by its own alarm alone", ({ expect }) => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const world = new World();
        for (const each of steps) {
          world.take(each);
          const states = Array.from(world.objects.values(), ({ seq, state }) => ({ seq, state }));
          expect(states.filter(({ seq, state }) => state === "acknowledged" && !world.store.has(seq))).toEqual([]);
          expect(states.filter(({ seq, state }) => state !== "sealed" && !world.bucket.has(seq))).toEqual([]);
          expect(states.filter(({ state }) => state === "sent").length).toBeLessThanOrEqual(bufferLimits.inFlightMax);
        }
        for (let turns = 0; ; turns += 1) {
          const wake = wakeAtMs(world.objects.values(), null);
          if (wake === null) break;
          world.nowMs = Math.max(world.nowMs, wake);
          world.drain({ bucketTakes: true, queueTakes: true, queueSaysSo: true });
          while (world.queue.length > 0) world.deliver({ pick: 0, again: false, storeTakes: true, acknowledged: true });
          expect(turns).toBeLessThan(1000);
        }
        expect([...world.store].toSorted((a, b) => a - b)).toEqual([...world.objects.keys()]);
        expect([...world.objects.values()].filter(({ state }) => state !== "acknowledged")).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("of many new keys 16 are in flight; each acknowledgement lets one more go", ({ expect }) => {
    const world = new World();
    for (let seq = 1; seq <= 70; seq += 1) world.take({ do: "seal" });
    const all = { bucketTakes: true, queueTakes: true, queueSaysSo: true };
    world.drain(all);
    expect(world.queue).toEqual(Array.from({ length: 16 }, (_, index) => index + 1));
    expect(wakeAtMs(world.objects.values(), null)).toBe(world.nowMs + 10_000);
    world.apply(5, "acknowledged");
    expect(wakeAtMs(world.objects.values(), null)).toBe(world.nowMs);
    world.drain(all);
    expect(world.queue.slice(16)).toEqual([17]);
  });

  test("an unanswered key is sent again after 10 s, then ever more seldom, at last once a minute", ({ expect }) => {
    let object: OutboxObject = { ...sealed(1, 0), state: "put" };
    const pauses: number[] = [];
    for (let nowMs = 0; pauses.length < 5; nowMs = object.nextAtMs) {
      object = { ...object, ...advance(object, "sent", nowMs) };
      pauses.push(object.nextAtMs - nowMs);
    }
    expect(pauses).toEqual([10_000, 20_000, 40_000, 60_000, 60_000]);
  });

  test("a bucket that fails is tried again from 250 ms to 15 s apart", ({ expect }) => {
    let object = sealed(1, 0);
    const pauses: number[] = [];
    for (let nowMs = 0; pauses.length < 8; nowMs = object.nextAtMs) {
      object = { ...object, ...advance(object, "put-failed", nowMs) };
      pauses.push(object.nextAtMs - nowMs);
    }
    expect(pauses).toEqual([250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
  });

  test("an acknowledgement that comes twice, or before the object is in the bucket, changes nothing", ({ expect }) => {
    expect(advance({ ...sealed(1, 0), state: "acknowledged" }, "acknowledged", 5)).toBeNull();
    expect(advance(sealed(1, 0), "acknowledged", 5)).toBeNull();
  });

  test("after a restart what was sent is due within 2 s", ({ expect }) => {
    expect(advance({ ...sealed(1, 0), state: "sent", attempts: 4, nextAtMs: 60_000 }, "restarted", 1000)).toEqual({ nextAtMs: 3000 });
    expect(advance({ ...sealed(1, 0), state: "sent", attempts: 1, nextAtMs: 1500 }, "restarted", 1000)).toBeNull();
  });

  test("what is not sealed yet wakes when it is due", ({ expect }) => {
    expect(wakeAtMs([], null)).toBeNull();
    expect(wakeAtMs([], 1250)).toBe(1250);
    expect(wakeAtMs([sealed(1, 1100)], 1250)).toBe(1100);
  });

  test("events are sealed after a quarter of a second, and under load twice a second", ({ expect }) => {
    expect(sealAtMs(10_000, null)).toBe(10_250);
    expect(sealAtMs(10_000, 5_000)).toBe(10_250);
    expect(sealAtMs(10_000, 9_900)).toBe(10_400);
  });

  test("a row goes only when it is acknowledged, two minutes old and not the newest", ({ expect }) => {
    const object: OutboxObject = { ...sealed(1, 0), state: "acknowledged" };
    expect(isForgettable(object, 2, 120_001)).toBe(true);
    expect(isForgettable(object, 2, 120_000)).toBe(false);
    expect(isForgettable(object, 1, 120_001)).toBe(false);
    expect(isForgettable({ ...object, state: "sent" }, 2, 120_001)).toBe(false);
  });
});
