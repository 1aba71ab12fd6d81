import { describe, test } from "vitest";
import { isTidings } from "./tidings.ts";

const standing = { limit: 1_000, spent: 400, reserved: 0, inRegion: { spent: 100, reserved: 0 } };
const known = { terms: { unit: "nano-usd", total: 1_000, alertThresholds: [0.5] }, standing, spent: 100, over: 0, toldOver: 0 } as const;

describe("a region tells the root", () => {
  test.for([
    ["nothing, where it spent nothing since", {}, false],
    ["nothing of a little", { spent: 109 }, false],
    ["of a hundredth of the budget", { spent: 110 }, true],
    ["of a little that reaches a threshold", { spent: 105, standing: { ...standing, spent: 495 } }, true],
    ["nothing of a threshold that is behind", { spent: 105, standing: { ...standing, spent: 501 } }, false],
    ["of its first spending", { standing: null }, true],
    ["of a bill beyond a bound", { over: 1 }, true],
    ["nothing of such a bill twice", { over: 1, toldOver: 1 }, false],
    ["nothing of calls under way", { spent: 900, terms: { ...known.terms, unit: "calls" } }, false],
  ] as const)("%s", ([, change, told], { expect }) => {
    expect(isTidings({ ...known, ...change })).toBe(told);
  });
});
