import { describe, test } from "vitest";
import { limitIdSchema } from "../contracts/limits.ts";
import { rateHeaders, refusalHeaders, refusalText } from "./answer-headers.ts";
import type { Refusal } from "./limiter-rpc.ts";

const refusal: Refusal = {
  kind: "refused",
  limitId: limitIdSchema.parse("019a0000-0000-7000-8000-000000000001"),
  counted: "ann",
  unit: "nano-usd",
  limit: 1_000_000_000,
  left: 2_500_000,
  affordable: 0,
  retryAfterMs: 1_001,
  standings: [],
};

describe("headers", () => {
  test("of several limits of one unit tell of the one with the least left", ({ expect }) => {
    expect(
      rateHeaders([
        { unit: "requests", limit: 60, remaining: 10, resetMs: 50_000 },
        { unit: "requests", limit: 5, remaining: 4, resetMs: 12_000 },
        { unit: "tokens", limit: 1_000, remaining: 0, resetMs: 1 },
      ]),
    ).toEqual({
      "x-ratelimit-limit-requests": "5",
      "x-ratelimit-remaining-requests": "4",
      "x-ratelimit-reset-requests": "12.000s",
      "x-ratelimit-limit-tokens": "1000",
      "x-ratelimit-remaining-tokens": "0",
      "x-ratelimit-reset-tokens": "0.001s",
    });
  });

  test.for([
    [1_001, { "retry-after": "2" }],
    [60_000, { "retry-after": "60" }],
    [60_001, { "retry-after": "61", "x-should-retry": "false" }],
    [null, { "x-should-retry": "false" }],
  ] as const)("say when to come back after %s ms, and not to try by oneself where that is long", ([retryAfterMs, headers], { expect }) => {
    expect(refusalHeaders({ ...refusal, retryAfterMs })).toEqual(headers);
  });
});

describe("what is told", () => {
  test("names the limit, whom it counts, what is left, what the call asked for, and when to come back", ({ expect }) => {
    expect(refusalText(refusal, "One dollar", 30_000_000)).toBe(
      'The budget "One dollar" ($1.00, counted for ann) has $0.0025 left. This call may need up to $0.03. Try again in 2 s.',
    );
    expect(refusalText({ ...refusal, unit: "requests", limit: 5, left: 0, retryAfterMs: null }, "Slow", null)).toBe(
      'The limit "Slow" (5 requests a minute, counted for ann) has 0 requests a minute left. Waiting does not help.',
    );
  });

  test.for([
    [0, "$0.00"],
    [1, "$0.000000001"],
    [10_000_000, "$0.01"],
    [20_000_000_000, "$20.00"],
  ] as const)("writes %s nano-dollars as %s", ([left, text], { expect }) => {
    expect(refusalText({ ...refusal, left }, "b", null)).toContain(`has ${text} left.`);
  });
});
