import fc from "fast-check";
import { describe, test } from "vitest";
import { admit, leftOf, moveBurst, restedRate, settleRate, standingOf, type RateLimit, type RateState } from "./gcra.ts";

/** The algorithm as it is published, in exact fractions: the theoretical arrival time times the limit, as a whole number. */
class Oracle {
  private arrival = 0n;
  private readonly rate: RateLimit;

  constructor(rate: RateLimit) {
    this.rate = rate;
  }

  /** How many ms to wait; 0: admitted. */
  admit(cost: number, nowMs: number): number {
    const limit = BigInt(this.rate.limit);
    const period = BigInt(this.rate.periodMs);
    const now = BigInt(nowMs) * limit;
    const next = (this.arrival > now ? this.arrival : now) + BigInt(cost) * period;
    const early = next - BigInt(this.rate.burst) * period - now;
    if (early > 0n) return Number((early + limit - 1n) / limit);
    this.arrival = next;
    return 0;
  }

  credit(tokens: number, nowMs: number): void {
    const now = BigInt(nowMs) * BigInt(this.rate.limit);
    const credited = this.arrival - BigInt(tokens) * BigInt(this.rate.periodMs);
    this.arrival = credited > now ? credited : now > this.arrival ? this.arrival : now;
  }
}

/** Mulberry32. */
function randomOf(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * bound);
  };
}

/** One trace of calls at random moments; `null`: every decision was the oracle's. */
function differenceIn(random: (bound: number) => number): string | null {
  const limit = 1 + random(random(2) === 0 ? 20 : 2_000_000);
  const rate: RateLimit = { limit, periodMs: 60_000, burst: 1 + random(limit) };
  const oracle = new Oracle(rate);
  let state: RateState = restedRate;
  let nowMs = 1_764_000_000_000 + random(1_000_000);
  for (let call = 0; call < 12; call++) {
    nowMs += random(3) === 0 ? 0 : random(20_000);
    const cost = random(rate.burst + 1);
    const decision = admit(rate, state, cost, nowMs);
    const waitMs = oracle.admit(cost, nowMs);
    const ours = decision.kind === "limited" ? decision.retryAfterMs : 0;
    if (ours !== waitMs) return JSON.stringify({ rate, call, cost, ours, waitMs });
    if (decision.kind === "admitted") state = decision.state;
    if (decision.kind !== "admitted" || random(2) === 0) continue;
    nowMs += random(2_000);
    const used = random(cost + 1);
    state = settleRate(rate, state, cost, used, nowMs);
    oracle.credit(cost - used, nowMs);
  }
  return null;
}

const perMinute = (limit: number, burst: number): RateLimit => ({ limit, periodMs: 60_000, burst });

describe("a rate limit", () => {
  test("every decision and every wait is the exact algorithm's, in 100,000 random traces of one region", ({ expect }) => {
    const random = randomOf(1);
    const differences = new Set<string | null>();
    for (let trace = 0; trace < 100_000; trace++) differences.add(differenceIn(random));
    expect([...differences]).toEqual([null]);
  });

  test("the same call fits after exactly the wait that was told, and not a millisecond before", ({ expect }) => {
    const calls = fc.array(fc.record({ afterMs: fc.nat(5_000), cost: fc.integer({ min: 1, max: 30 }) }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }), calls, (limit, trace) => {
        const rate = perMinute(limit, 30);
        let state: RateState = restedRate;
        let nowMs = 0;
        for (const { afterMs, cost } of trace) {
          nowMs += afterMs;
          const decision = admit(rate, state, cost, nowMs);
          if (decision.kind === "admitted") state = decision.state;
          if (decision.kind !== "limited") continue;
          expect(admit(rate, state, cost, nowMs + decision.retryAfterMs).kind).toBe("admitted");
          expect(admit(rate, state, cost, nowMs + decision.retryAfterMs - 1).kind).toBe("limited");
        }
      }),
    );
  });

  test("what may never come at once is not told to wait", ({ expect }) => {
    expect(admit(perMinute(60, 10), restedRate, 11, 0)).toEqual({ kind: "too-large", burst: 10 });
  });

  test("tokens that a call did not use come back, tokens beyond delay the next", ({ expect }) => {
    const rate = perMinute(60, 60);
    const full: RateState = { atMs: 0, backlog: 60 * 60_000 };
    expect(standingOf(rate, full, 0)).toEqual({ remaining: 0, resetMs: 60_000 });
    expect(standingOf(rate, settleRate(rate, full, 60, 20, 0), 0)).toEqual({ remaining: 40, resetMs: 20_000 });
    expect(admit(rate, settleRate(rate, full, 60, 70, 0), 1, 0)).toEqual({ kind: "limited", retryAfterMs: 11_000 });
  });

  test("a clock that goes back gives nothing away", ({ expect }) => {
    const rate = perMinute(60, 1);
    const used: RateState = { atMs: 10_000, backlog: 60_000 };
    expect(admit(rate, used, 1, 4_000)).toEqual({ kind: "limited", retryAfterMs: 7_000 });
    expect(admit(rate, used, 1, 11_000).kind).toBe("admitted");
  });

  test("burst that changes hands is not used twice", ({ expect }) => {
    const before = perMinute(60, 10);
    const after = perMinute(120, 25);
    const used: RateState = { atMs: 0, backlog: 600_000 };
    const { state } = moveBurst(before, after, 0, used, 0);
    expect(standingOf(after, state, 0)).toEqual({ remaining: 0, resetMs: 12_500 });
    expect(leftOf(after, moveBurst(before, after, 15, used, 0).state, 0)).toBe(15);
    // What goes is used where it goes to, and no longer here.
    expect(moveBurst(after, before, 0, state, 0)).toEqual({ state: used, donated: 0 });
  });

  test("burst that comes and goes in one word loses nothing of what nobody has had", ({ expect }) => {
    const rate = perMinute(60, 10);
    expect(moveBurst(rate, rate, 4, { atMs: 0, backlog: 300_000 }, 0)).toEqual({ state: { atMs: 0, backlog: 300_000 }, donated: 4 });
  });

  test("unused burst goes first, and a debt stays", ({ expect }) => {
    const [before, after] = [perMinute(60, 10), perMinute(30, 4)];
    expect(moveBurst(before, after, 0, { atMs: 0, backlog: 300_000 }, 0)).toEqual({ state: { atMs: 0, backlog: 240_000 }, donated: 5 });
    expect(leftOf(after, moveBurst(before, after, 0, { atMs: 0, backlog: 720_000 }, 0).state, 0)).toBe(-2);
  });
});
