import fc from "fast-check";
import { test } from "vitest";
import { roundTicks, stack, timeTicks } from "./scale.ts";

test("an axis begins at 0, ends at or above the highest value, and has few steps", ({ expect }) => {
  expect([roundTicks(0, 4), roundTicks(7, 4), roundTicks(0.03, 3), roundTicks(1_000, 4)]).toEqual([
    [0, 1],
    [0, 2, 4, 6, 8],
    [0, 0.01, 0.02, 0.03],
    [0, 250, 500, 750, 1_000],
  ]);
  fc.assert(
    fc.property(fc.double({ min: 1e-9, max: 1e12, noNaN: true }), (max) => {
      const ticks = roundTicks(max, 4);
      expect([ticks[0], (ticks.at(-1) ?? 0) >= max * 0.999, ticks.length <= 6]).toEqual([0, true, true]);
    }),
  );
});

test("ticks of time lie in the range, and are no more than asked for", ({ expect }) => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2e12 }), fc.integer({ min: 60_000, max: 90 * 86_400_000 }), (fromMs, lengthMs) => {
      const ticks = timeTicks(fromMs, fromMs + lengthMs, 8);
      expect(ticks.length).toBeLessThanOrEqual(9);
      expect(ticks.filter((atMs) => atMs < fromMs || atMs > fromMs + lengthMs)).toEqual([]);
    }),
  );
});

test("series are stacked on one another; what is not known takes no room", ({ expect }) => {
  expect(
    stack([
      [1, null],
      [2, 3],
    ]),
  ).toEqual([
    [
      [0, 1],
      [0, 0],
    ],
    [
      [1, 3],
      [0, 3],
    ],
  ]);
});
