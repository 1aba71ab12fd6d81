import { test } from "vitest";
import { percentile, spread } from "./percentile.ts";

test("percentiles are values that occurred", ({ expect }) => {
  const sorted = Float64Array.from({ length: 100 }, (_, index) => index + 1);
  expect([percentile(sorted, 0), percentile(sorted, 0.5), percentile(sorted, 0.99), percentile(sorted, 1)]).toEqual([1, 51, 100, 100]);
  expect(percentile(new Float64Array(), 0.5)).toBe(0);
});

test("the spread of rounds is their middle, least and greatest, in whatever order they came", ({ expect }) => {
  expect(spread([30, 10, 20])).toEqual({ median: 20, min: 10, max: 30 });
  expect(spread([4, 2])).toEqual({ median: 3, min: 2, max: 4 });
});
