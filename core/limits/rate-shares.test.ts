import fc from "fast-check";
import { describe, test } from "vitest";
import { admit, moveBurst, restedRate, type RateLimit, type RateState } from "./gcra.ts";
import { confirm, fairShares, setTotal, share, unsharedOf, type Share, type ShareRow, type Shares } from "./rate-shares.ts";

describe("fairShares", () => {
  test("Doorman's example: 120 for those who want 1000, 50 and 10", ({ expect }) => {
    expect(fairShares(120, [1000, 50, 10])).toEqual([60, 50, 10]);
  });

  test("all is given that is wanted, nobody gets more than it wants, and nobody who wants more has less than another", ({ expect }) => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.array(fc.nat(400_000), { minLength: 1, maxLength: 12 }), (capacity, wants) => {
        const shares = fairShares(capacity, wants);
        const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
        expect(sum(shares)).toBe(Math.min(capacity, sum(wants)));
        const largest = Math.max(...shares);
        for (const [index, got] of shares.entries()) {
          const want = wants[index] ?? 0;
          expect(got <= want && (got === want || got >= largest - 1)).toBe(true);
        }
      }),
    );
  });
});

const periodMs = 60_000;

/** One region: its share as it heard of it, and its bucket. */
interface Region {
  version: number;
  fresh: number;
  donated: number;
  rate: RateLimit;
  state: RateState;
}

describe("shares of a rate limit", () => {
  test("more is told only when its last holder has confirmed that it lets go", ({ expect }) => {
    let shares: Shares = { total: { limit: 60, burst: 20 }, rows: [] };
    shares = share(shares, "us-east", { limit: 60, burst: 20 });
    shares = share(shares, "us-east", { limit: 20, burst: 5 });
    expect(unsharedOf(shares)).toEqual({ limit: 0, burst: 0 });
    expect(share(shares, "eu-west", { limit: 40, burst: 15 })).toBe(shares);
    expect(confirm(shares, "us-east", 1, 0)).toEqual(shares);
    shares = confirm(shares, "us-east", 2, 0);
    expect(share(shares, "eu-west", { limit: 50, burst: 15 }).rows.at(-1)?.told).toEqual({ limit: 40, burst: 15 });
  });

  test("no window admits more than the whole limit, whoever holds what, in 100,000 random traces of six regions", ({ expect }) => {
    let seed = 7;
    const random = (bound: number): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((seed / 4_294_967_296) * bound);
    };
    let broken = 0;
    let admittedAll = 0;
    for (let trace = 0; trace < 100_000; trace++) {
      const total: Share = { limit: 6 + random(400), burst: 6 + random(60) };
      let shares: Shares = { total, rows: [] };
      const regions: Region[] = Array.from({ length: 6 }, () => ({
        version: 0,
        fresh: 0,
        donated: 0,
        rate: { limit: 0, burst: 0, periodMs },
        state: restedRate,
      }));
      const waiting: { index: number; row: ShareRow }[] = [];
      const admitted: { atMs: number; cost: number }[] = [];
      let nowMs = 0;
      for (let step = 0; step < 30; step++) {
        const index = random(6);
        const region = regions[index];
        if (region === undefined) continue;
        nowMs += random(4) === 0 ? random(3_000) : 0;
        const kind = random(6);
        if (kind === 0 || step < 3) {
          shares = share(shares, String(index), { limit: random(total.limit + 1), burst: random(total.burst + 1) });
          const row = shares.rows.find(({ holder }) => holder === String(index));
          if (row !== undefined) waiting.push({ index, row });
        } else if (kind === 1) {
          // Heard late, twice, or not at all.
          const heard = waiting[random(waiting.length)];
          const hearer = heard === undefined ? undefined : regions[heard.index];
          if (heard === undefined || hearer === undefined || heard.row.version <= hearer.version) continue;
          const { told, version, fresh } = heard.row;
          const rate = { ...told, periodMs };
          const { state, donated } = moveBurst(hearer.rate, rate, fresh - hearer.fresh, hearer.state, nowMs);
          Object.assign(hearer, { rate, version, fresh, state, donated: hearer.donated + donated });
          if (random(2) === 0) shares = confirm(shares, String(heard.index), version, hearer.donated);
        } else {
          const cost = 1 + random(8);
          const decision = admit(region.rate, region.state, cost, nowMs);
          if (decision.kind !== "admitted") continue;
          region.state = decision.state;
          admitted.push({ atMs: nowMs, cost });
        }
      }
      admittedAll += admitted.length;
      for (const [first, { atMs: fromMs }] of admitted.entries()) {
        let units = 0;
        for (const { atMs, cost } of admitted.slice(first)) {
          units += cost;
          if (units > total.burst + (total.limit * (atMs - fromMs)) / periodMs) broken++;
        }
      }
    }

    expect({ broken, enough: admittedAll > 200_000 }).toEqual({ broken: 0, enough: true });
  });

  test("what is let go of unused is as good as new to who gets it", ({ expect }) => {
    let shares: Shares = { total: { limit: 60, burst: 20 }, rows: [] };
    shares = share(shares, "us-east", { limit: 60, burst: 20 });
    shares = share(shares, "us-east", { limit: 30, burst: 10 });
    const [before, after] = [
      { limit: 60, burst: 20, periodMs },
      { limit: 30, burst: 10, periodMs },
    ];
    const used = admit(before, restedRate, 6, 0);
    if (used.kind !== "admitted") throw new Error("six of twenty fit");
    const { donated } = moveBurst(before, after, 0, used.state, 0);
    expect(donated).toBe(10);
    shares = share(confirm(shares, "us-east", 2, donated), "eu-west", { limit: 30, burst: 10 });
    expect(shares.rows.at(-1)).toMatchObject({ told: { limit: 30, burst: 10 }, fresh: 10 });
  });

  test("a limit that is lowered is told to be less, and frees nothing before that", ({ expect }) => {
    let shares: Shares = { total: { limit: 60, burst: 20 }, rows: [] };
    shares = setTotal(share(shares, "us-east", { limit: 60, burst: 20 }), { limit: 30, burst: 10 });
    expect(unsharedOf(shares)).toEqual({ limit: -30, burst: -10 });
    expect(share(shares, "us-west", { limit: 1, burst: 1 })).toBe(shares);
  });
});
