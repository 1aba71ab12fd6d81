import fc from "fast-check";
import { test } from "vitest";
import { enrich } from "./enrich.ts";
import { spanFixture } from "./span.fixture.ts";

const atMs = 1_795_000_002_000;

test("times become whole microseconds; all else stays", ({ expect }) => {
  const span = spanFixture({ startedAtMs: atMs - 1000.123_456, endedAtMs: atMs - 0.000_4 });
  expect(enrich(span)).toEqual({ ...span, startedAtMs: atMs - 1000.123, endedAtMs: atMs });
});

test("an end before its start becomes the start", ({ expect }) => {
  expect(enrich(spanFixture({ startedAtMs: atMs, endedAtMs: atMs - 5 })).endedAtMs).toBe(atMs);
});

const anyTime = fc.double({ min: 0, max: Date.UTC(2100, 0), noNaN: true });

test("enriching again changes nothing, and no start is moved", ({ expect }) => {
  fc.assert(
    fc.property(anyTime, anyTime, (startedAtMs, endedAtMs) => {
      const once = enrich(spanFixture({ startedAtMs, endedAtMs }));
      expect(enrich(once)).toEqual(once);
      expect(Math.abs(once.startedAtMs - startedAtMs)).toBeLessThanOrEqual(0.001);
      expect(once.endedAtMs).toBeGreaterThanOrEqual(once.startedAtMs);
    }),
  );
});
