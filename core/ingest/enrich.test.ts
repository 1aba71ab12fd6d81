import fc from "fast-check";
import { test } from "vitest";
import { enrich } from "./enrich.ts";
import { spanFixture } from "./span.fixture.ts";

const receivedAtMs = 1_795_000_002_000;
const dayMs = 86_400_000;

test("times become whole microseconds; all else stays", ({ expect }) => {
  const span = spanFixture({ startedAtMs: receivedAtMs - 1000.123_456, endedAtMs: receivedAtMs - 0.000_4 });
  expect(enrich(span, receivedAtMs)).toEqual({ ...span, startedAtMs: receivedAtMs - 1000.123, endedAtMs: receivedAtMs });
});

test("a start too old or too new is moved to the end of what is allowed, with its length, and what was sent is kept", ({ expect }) => {
  const old = spanFixture({ startedAtMs: 1000, endedAtMs: 4000, metadata: { a: 1 } });
  const startedAtMs = receivedAtMs - 400 * dayMs;
  expect(enrich(old, receivedAtMs)).toEqual({
    ...old,
    startedAtMs,
    endedAtMs: startedAtMs + 3000,
    metadata: { a: 1, "evalforge.started_at_ms_sent": 1000 },
  });
  expect(enrich(spanFixture({ startedAtMs: receivedAtMs + 2 * dayMs }), receivedAtMs).startedAtMs).toBe(receivedAtMs + dayMs);
});

test("an end before its start becomes the start", ({ expect }) => {
  const span = enrich(spanFixture({ startedAtMs: receivedAtMs, endedAtMs: receivedAtMs - 5 }), receivedAtMs);
  expect(span.endedAtMs).toBe(receivedAtMs);
});

test("the same span received at the same time gives the same row, and enriching again changes nothing", ({ expect }) => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 8e15, noNaN: true }), fc.double({ min: 0, max: 8e15, noNaN: true }), (startedAtMs, endedAtMs) => {
      const once = enrich(spanFixture({ startedAtMs, endedAtMs }), receivedAtMs);
      expect(enrich(once, receivedAtMs)).toEqual(once);
      expect(once.startedAtMs >= receivedAtMs - 400 * dayMs && once.startedAtMs <= receivedAtMs + dayMs).toBe(true);
      expect(once.endedAtMs).toBeGreaterThanOrEqual(once.startedAtMs);
    }),
  );
});
