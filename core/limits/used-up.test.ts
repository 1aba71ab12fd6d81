import { describe, test } from "vitest";
import { usedUpAtMs } from "./used-up.ts";

const day = { limitNanoUsd: 1_000, sinceMs: 0, endMs: 86_400_000 };
const sixOClockMs = 21_600_000;

describe("at today's rate a budget is used up", () => {
  test.for([
    ["when what is left is spent as fast as before", { ...day, spentNanoUsd: 500 }, 43_200_000],
    ["never, where the window ends before", { ...day, spentNanoUsd: 250 }, null],
    ["never, where nothing is spent", { ...day, spentNanoUsd: 0 }, null],
    ["now, where it is spent", { ...day, spentNanoUsd: 1_000 }, sixOClockMs],
    ["some day, where it never starts anew", { ...day, endMs: null, spentNanoUsd: 100 }, 216_000_000],
  ] as const)("%s", ([, spending, atMs], { expect }) => {
    expect(usedUpAtMs(spending, sixOClockMs)).toBe(atMs);
  });
});
