import { describe, test } from "vitest";
import { outlookOf } from "./used-up.ts";

const day = { limitNanoUsd: 1_000, startMs: 0, endMs: 86_400_000, createdAtMs: 0 };
const sixOClockMs = 21_600_000;
const partMs = 864_000;

describe("at today's rate a budget", () => {
  test.for([
    ["is used up when what is left is spent as fast as before", { ...day, spentNanoUsd: 500 }, { kind: "used-up", atMs: 43_200_000 }],
    ["lasts where the window ends before", { ...day, spentNanoUsd: 250 }, { kind: "lasts" }],
    ["is unknown where nothing is spent", { ...day, spentNanoUsd: 0 }, { kind: "unknown" }],
    ["is used up now, where it is spent", { ...day, spentNanoUsd: 1_000 }, { kind: "used-up", atMs: sixOClockMs }],
    ["is used up some day, where it never starts anew", { ...day, endMs: null, spentNanoUsd: 100 }, { kind: "used-up", atMs: 216_000_000 }],
  ] as const)("%s", ([, spending, outlook], { expect }) => {
    expect(outlookOf(spending, sixOClockMs)).toEqual(outlook);
  });

  test.for([
    ["its window began", 0, partMs],
    ["it was made", sixOClockMs, sixOClockMs + partMs],
  ] as const)(
    "is unknown until a hundredth of the window has passed since %s, unless it is spent",
    ([, createdAtMs, toldAtMs], { expect }) => {
      const spending = { ...day, createdAtMs, spentNanoUsd: 500 };
      expect(outlookOf(spending, toldAtMs - 1)).toEqual({ kind: "unknown" });
      expect(outlookOf({ ...spending, spentNanoUsd: 1 }, toldAtMs - 1)).toEqual({ kind: "unknown" });
      expect(outlookOf(spending, toldAtMs)).toEqual({ kind: "used-up", atMs: toldAtMs + partMs });
      expect(outlookOf({ ...spending, spentNanoUsd: 1_000 }, toldAtMs - 1)).toEqual({ kind: "used-up", atMs: toldAtMs - 1 });
    },
  );
});
