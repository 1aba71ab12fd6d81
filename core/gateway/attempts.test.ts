import { describe, test } from "vitest";
import { nextStep, runAttempts, type FailedAttempt } from "./attempts.ts";

const silent = { retryAfterMs: "", retryAfter: "", shouldRetry: "" };
const failedWith = (
  upstreamStatus: number | null,
  retryAfter: Partial<FailedAttempt["retryAfter"]> = {},
  code: FailedAttempt["code"] = "upstream_error",
): FailedAttempt => ({ code, upstreamStatus, retryAfter: { ...silent, ...retryAfter } });

const nowMs = Date.parse("2026-11-24T12:00:00Z");
const first = { tried: 1, retriesLeft: 2, targetsLeft: 0, leftMs: 900_000 };
const step = (failed: FailedAttempt, left: Partial<typeof first> = {}, random = 1) =>
  nextStep(failed, { ...first, ...left }, random, nowMs);

describe("nextStep", () => {
  test.for([408, 409, 429, 500, 502, 503, 504, 529])("status %i may pass, and is tried again", (status, { expect }) => {
    expect(step(failedWith(status)).kind).toBe("retry");
  });

  test.for([400, 401, 403, 404, 413, 422])("status %i does not pass", (status, { expect }) => {
    expect(step(failedWith(status)).kind).toBe("give-up");
  });

  test.for(["upstream_unreachable", "upstream_cut", "upstream_invalid_response", "upstream_error"] as const)(
    "%s without a status may pass",
    (code, { expect }) => {
      expect(step(failedWith(null, {}, code)).kind).toBe("retry");
    },
  );

  test("a provider that ran out of time is not given as much again", ({ expect }) => {
    expect(step(failedWith(null, {}, "upstream_timeout")).kind).toBe("give-up");
    expect(step(failedWith(null, {}, "upstream_timeout"), { targetsLeft: 1 }).kind).toBe("next-target");
  });

  test("waits have full jitter under a bound that doubles, up to 8 s", ({ expect }) => {
    expect(step(failedWith(500), {}, 0)).toEqual({ kind: "retry", waitMs: 0 });
    const bounds = [1, 2, 3, 4, 5, 6, 20].map((tried) => step(failedWith(500), { tried }, 1));
    expect(bounds).toEqual([500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000].map((waitMs) => ({ kind: "retry", waitMs })));
    expect(step(failedWith(500), { tried: 3 }, 0.25)).toEqual({ kind: "retry", waitMs: 500 });
  });

  test.for([
    ["milliseconds, which win", { retryAfterMs: "1500", retryAfter: "9" }, 1_500],
    ["seconds", { retryAfter: "3" }, 3_000],
    ["a date", { retryAfter: "Tue, 24 Nov 2026 12:00:04 GMT" }, 4_000],
    ["nonsense, which says nothing", { retryAfter: "soon" }, 0],
  ] as const)("no wait is shorter than the provider asks for, by %s", ([, retryAfter, waitMs], { expect }) => {
    expect(step(failedWith(429, retryAfter), {}, 0)).toEqual({ kind: "retry", waitMs });
  });

  test("a provider that asks for more patience than there is, is left for the next", ({ expect }) => {
    expect(step(failedWith(429, { retryAfter: "60" })).kind).toBe("give-up");
    expect(step(failedWith(429, { retryAfter: "60" }), { targetsLeft: 1 }).kind).toBe("next-target");
  });

  test("no wait outlasts the call's own time, and nothing begins after it", ({ expect }) => {
    const asking = failedWith(429, { retryAfter: "3" });
    expect(step(asking, { leftMs: 3_001 })).toEqual({ kind: "retry", waitMs: 3_000 });
    expect(step(asking, { leftMs: 3_000 }).kind).toBe("give-up");
    expect(step(asking, { leftMs: 3_000, targetsLeft: 1 }).kind).toBe("next-target");
    expect(step(failedWith(null, {}, "upstream_timeout"), { leftMs: 0, targetsLeft: 1 }).kind).toBe("give-up");
  });

  test("what a provider says of a retry goes before its status", ({ expect }) => {
    expect(step(failedWith(429, { shouldRetry: "false" })).kind).toBe("give-up");
    expect(step(failedWith(400, { shouldRetry: "true" })).kind).toBe("retry");
  });

  test("a fault of the request is no reason to ask another provider, one of the target is", ({ expect }) => {
    expect(step(failedWith(400), { targetsLeft: 1 }).kind).toBe("give-up");
    for (const status of [401, 403, 404, 500]) {
      expect(step(failedWith(status), { targetsLeft: 1, retriesLeft: 0 }).kind).toBe("next-target");
    }
    expect(step(failedWith(null, {}, "unsupported_field"), { targetsLeft: 1 }).kind).toBe("next-target");
  });

  test("nothing is tried for a client that has gone", ({ expect }) => {
    expect(step(failedWith(null, {}, "client_closed"), { targetsLeft: 3 }).kind).toBe("give-up");
  });
});

describe("runAttempts", () => {
  const run = async (
    targets: readonly [string, ...string[]],
    retries: number,
    fails: Readonly<Record<string, readonly FailedAttempt[]>>,
  ) => {
    const tried: string[] = [];
    const waits: number[] = [];
    const outcome = await runAttempts<string, string, FailedAttempt>(targets, retries, {
      attempt: (target) => {
        const failed = fails[target]?.[tried.filter((name) => name === target).length];
        tried.push(target);
        return Promise.resolve(failed === undefined ? { kind: "answered", value: target } : { kind: "failed", failed });
      },
      sleep: (milliseconds) => {
        waits.push(milliseconds);
        return Promise.resolve();
      },
      random: () => 1,
      nowMs: () => nowMs,
      endsAtMs: nowMs + 900_000,
    });
    return { outcome, tried, waits };
  };
  const down = failedWith(503);

  test("the first target that answers ends it", async ({ expect }) => {
    expect(await run(["a", "b"], 2, {})).toEqual({ outcome: { kind: "answered", value: "a" }, tried: ["a"], waits: [] });
  });

  test("each target is tried once and as often again as is allowed, in order", async ({ expect }) => {
    const { outcome, tried, waits } = await run(["a", "b", "c"], 1, { a: [down, down], b: [down, down] });
    expect([outcome, tried, waits]).toEqual([{ kind: "answered", value: "c" }, ["a", "a", "b", "b", "c"], [500, 500]]);
  });

  test("where none answers, the last failure is told", async ({ expect }) => {
    const last = failedWith(429, { retryAfter: "60" });
    const { outcome, tried } = await run(["a", "b"], 0, { a: [down], b: [last] });
    expect([outcome, tried]).toEqual([{ kind: "failed", failed: last }, ["a", "b"]]);
  });
});
