import { test } from "vitest";
import { sayOutlook } from "./say-outlook.ts";

const hourMs = 3_600_000;
const budget = { window: { kind: "calendar", unit: "day", timeZone: "UTC" }, createdAtMs: 0 } as const;
const state = { limitNanoUsd: 100, spentNanoUsd: 10, usedUpAtMs: 10 * hourMs, window: { startMs: 0, endMs: 24 * hourMs } };

test("a budget whose window has only begun has no outlook yet, unless it is used up", ({ expect }) => {
  expect(sayOutlook(budget, state, hourMs / 10)).toBe("");
  expect(sayOutlook(budget, { ...state, spentNanoUsd: 100 }, hourMs / 10)).toBe("Used up.");
  expect(sayOutlook({ ...budget, createdAtMs: 9.9 * hourMs }, state, 10 * hourMs)).toBe("");
});

test("later it is said when it is used up, or that it lasts", ({ expect }) => {
  expect(sayOutlook(budget, state, hourMs)).toMatch(/^At this rate it is used up /);
  expect(sayOutlook(budget, { ...state, usedUpAtMs: null }, hourMs)).toBe("At this rate it lasts until it starts anew.");
  expect(sayOutlook(budget, { ...state, spentNanoUsd: 0, usedUpAtMs: null }, hourMs)).toBe("");
});
