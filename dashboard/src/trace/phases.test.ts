import fc from "fast-check";
import { test } from "vitest";
import { phasesOf } from "./phases.ts";

test("phases add up to the whole time, whatever the clocks said", ({ expect }) => {
  const span = fc.record({
    startedAtMs: fc.nat(10_000),
    endedAtMs: fc.nat(10_000),
    ttftMs: fc.option(fc.nat(20_000)),
    overheadMs: fc.nat(20_000),
    upstreamMs: fc.nat(20_000),
    streamed: fc.boolean(),
  });
  fc.assert(
    fc.property(span, (timed) => {
      const phases = phasesOf(timed);
      if (phases.length === 0) return;
      expect(phases.reduce((sum, { ms }) => sum + ms, 0)).toBe(Math.max(0, timed.endedAtMs - timed.startedAtMs));
      expect(phases.filter(({ ms }) => ms < 0)).toEqual([]);
    }),
  );
});

test("a stream has a first token and what follows, a plain answer does not, and a step is no call", ({ expect }) => {
  const timed = { startedAtMs: 0, endedAtMs: 1_000, ttftMs: 300, overheadMs: 10, upstreamMs: 990, streamed: true };
  expect([
    phasesOf(timed).map(({ ms }) => ms),
    phasesOf({ ...timed, streamed: false }).map(({ ms }) => ms),
    phasesOf({ ...timed, ttftMs: null, overheadMs: 0, upstreamMs: 0 }),
  ]).toEqual([[10, 290, 700], [10, 990], []]);
});
