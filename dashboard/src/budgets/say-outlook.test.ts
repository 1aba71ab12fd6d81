import { test } from "vitest";
import { sayOutlook } from "./say-outlook.ts";

const state = { limitNanoUsd: 100, spentNanoUsd: 10, usedUpAtMs: null, lasts: false };

test("it is said of a budget when it is used up, that it lasts, or nothing where nobody can say", ({ expect }) => {
  expect(sayOutlook({ ...state, usedUpAtMs: 36_000_000 })).toMatch(/^At this rate it is used up /);
  expect(sayOutlook({ ...state, lasts: true })).toBe("At this rate it lasts until it starts anew.");
  expect(sayOutlook(state)).toBe("");
  expect(sayOutlook({ ...state, spentNanoUsd: 100 })).toBe("Used up.");
});
