import { describe, test } from "vitest";
import { limitIdSchema } from "../contracts/limits.ts";
import { hear, newRoot, draw, type StoredRoot } from "./root-account.ts";
import { raisedBefore, raiseEvents } from "./root-events.ts";
import type { EscrowTerms } from "./limiter-rpc.ts";

const terms: EscrowTerms = {
  limitId: limitIdSchema.parse("019a0000-0000-7000-8000-000000000001"),
  version: 1,
  unit: "nano-usd",
  window: { kind: "never" },
  total: 1_000,
  perRegion: {},
  isHard: true,
  alertThresholds: [0.5, 0.8, 1],
  whenUnreachable: "closed",
};
const window = { id: "always", startMs: 0, endMs: null };
const nothing = { everywhere: 0, inRegion: 0, slots: [] };
const report = { window: "always", epoch: 1, seq: 1, target: 900, returned: 0, spent: 0, reserved: 0, holds: 0, closing: false };

/** What eu-west has spent, and beyond its reserves, of a fresh account. */
function rootAt(spent: number, over = 0, change: Partial<EscrowTerms> = {}): StoredRoot {
  const opened = draw(newRoot({ terms: { ...terms, ...change }, counted: "ann", window }), "eu-west", null, 0, nothing);
  return hear(opened.root, "eu-west", { ...report, spent, over });
}

describe("a budget raises", () => {
  test("each threshold once, when it is reached, and all of those that were leapt over", ({ expect }) => {
    expect(raiseEvents(rootAt(499), 499, null)).toEqual({ raised: [], events: [] });
    const plain = { kind: "threshold", region: null, over: 0 };
    const first = raiseEvents(rootAt(810), 810, null);
    expect(first).toEqual({
      raised: ["threshold:0.5", "threshold:0.8"],
      events: [
        { ...plain, threshold: 0.5 },
        { ...plain, threshold: 0.8 },
      ],
    });
    const later = { ...rootAt(1_000), raised: first.raised };
    expect(raiseEvents(later, 1_000, null).events).toEqual([{ ...plain, threshold: 1 }]);
    expect(raiseEvents({ ...later, raised: raiseEvents(later, 1_000, null).raised }, 1_000, null).events).toEqual([]);
  });

  test("the first refusal, and the first bill beyond a bound, where they happened", ({ expect }) => {
    const { raised, events } = raiseEvents(rootAt(10, 7), 10, "us-west");
    expect(events).toEqual([
      { kind: "refused", threshold: null, region: "us-west", over: 0 },
      { kind: "bound_exceeded", threshold: null, region: "eu-west", over: 7 },
    ]);
    expect(raiseEvents({ ...rootAt(20, 9), raised }, 20, "eu-west").events).toEqual([]);
  });

  test("a bill beyond a bound still after its region's account has ended", ({ expect }) => {
    const ended = hear(rootAt(10), "eu-west", { ...report, seq: 2, spent: 25, over: 15, closing: true });
    expect(raiseEvents(ended, 25, null).events).toMatchObject([{ kind: "bound_exceeded", region: "eu-west", over: 15 }]);
  });

  test("nothing of calls under way, which are no money", ({ expect }) => {
    expect(raiseEvents(rootAt(1_000, 5, { unit: "calls" }), 1_000, "us-east").events).toEqual([]);
  });

  test("in a rolling window only what was not so in the slot before, by the limit as it is now", ({ expect }) => {
    const { terms: present } = rootAt(0);
    const raised = ["threshold:0.5", "threshold:0.8", "refused"];
    expect(raisedBefore(raised, present, 700)).toEqual(["threshold:0.5"]);
    expect(raisedBefore(raised, { ...present, total: 2_000 }, 700)).toEqual([]);
  });
});
