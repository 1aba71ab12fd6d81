import { describe, test } from "vitest";
import { limitIdSchema } from "../contracts/limits.ts";
import { draw, hear, newRoot, standingIn, type Earlier, type StoredRoot } from "./root-account.ts";
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

  describe("of what its own account spent since", () => {
    const window = { id: "w", startMs: 0, endMs: 1 };
    const limitId = limitIdSchema.parse("019a0000-0000-7000-8000-000000000001");
    const rest = { version: 1, window: { kind: "rolling", unit: "hour", count: 24 }, perRegion: {}, isHard: true } as const;
    const terms = { ...known.terms, ...rest, limitId, whenUnreachable: "closed" } as const;
    const report = { window: "w", epoch: 1, seq: 1, target: 0, returned: 0, spent: 100, reserved: 0, holds: 0, closing: false };
    const nothing = { everywhere: 0, inRegion: 0, slots: [] };
    const fresh = draw(newRoot({ terms, counted: "all", window }), "us-east", null, 0, nothing).root;
    const isTold = (root: StoredRoot, earlier: Earlier, spent: number) =>
      isTidings({ ...known, spent, standing: standingIn(root, "us-east", earlier) });

    test("also where the slots before it were full", ({ expect }) => {
      const root = hear(fresh, "us-east", report);
      const earlier = { everywhere: 300, inRegion: 300, slots: [] };
      expect([isTold(root, earlier, 109), isTold(root, earlier, 110)]).toEqual([false, true]);
    });

    test("also after its storage was lost", ({ expect }) => {
      const granted = draw(fresh, "us-east", { ...report, target: 300 }, 300, nothing).root;
      const relinked = draw(granted, "us-east", null, 0, nothing).root;
      expect(relinked.ended).toEqual({ "us-east": 300 });
      expect([isTold(relinked, nothing, 9), isTold(relinked, nothing, 10)]).toEqual([false, true]);
    });
  });
});
