import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, test, vi } from "vitest";
import { askLimiter } from "#adapters/limits/stubs.ts";
import { organizationIdSchema } from "#core/contracts/id.ts";
import { limitIdSchema } from "#core/contracts/limits.ts";
import { regionSchema, type Region } from "#core/contracts/region.ts";
import { admit, restedRate, type RateState } from "#core/limits/gcra.ts";
import type { RateTerms, ReserveReply } from "#core/limits/limiter-rpc.ts";
import { storedRootRateSchema } from "#core/limits/root-rate.ts";
import { faults, random } from "./limiter-faults.fixture.ts";

vi.spyOn(console, "warn").mockImplementation(() => undefined);
afterEach(() => {
  Object.assign(faults, { rpc: 0, storage: 0 });
  vi.useRealTimers();
});

const edges = regionSchema.options;
const minuteMs = 60_000;

/** An organisation that no other test uses, with one rate limit. */
function newRate(limit: number, change: Partial<RateTerms> = {}) {
  const organizationId = organizationIdSchema.parse(crypto.randomUUID());
  const terms: RateTerms = {
    limitId: limitIdSchema.parse(crypto.randomUUID()),
    version: 1,
    unit: "requests",
    rate: { limit, burst: limit, periodMs: minuteMs },
    whenUnreachable: "closed",
    ...change,
  };
  const place = (region: Region) => ({ organizationId, region });
  return {
    ask: async (region: Region, amount = 1, inForce: Partial<RateTerms> = {}): Promise<ReserveReply> => {
      const rates = [{ terms: { ...terms, ...inForce }, counted: organizationId, amount }];
      return await askLimiter(env, {
        place: place(region),
        attemptId: crypto.randomUUID(),
        budgets: [],
        rates,
        spending: [],
        ended: { settlements: [], closings: [] },
      });
    },
    /** The version that the root has heard of. */
    rootVersion: async (): Promise<number | undefined> =>
      await runInDurableObject(env.BUDGET_ROOT.getByName(organizationId), (_, { storage }) => {
        const [row] = storage.sql.exec<{ value: string }>("SELECT value FROM rate").toArray();
        return row === undefined ? undefined : storedRootRateSchema.parse(JSON.parse(row.value)).version;
      }),
    crash: async (region: Region): Promise<void> => {
      await runInDurableObject(env.REGION_LIMITER.getByName(`${organizationId}:${region}`), (_, state) => {
        state.abort("crash");
      }).catch(() => undefined);
    },
  };
}

/** How many of so many requests in a row are admitted. */
async function admittedOf(rate: ReturnType<typeof newRate>, region: Region, requests: number): Promise<number> {
  let admitted = 0;
  for (let request = 0; request < requests; request += 1) if ((await rate.ask(region)).kind === "held") admitted += 1;
  return admitted;
}

describe("a rate limit at the real objects", () => {
  test("admits exactly its limit in the region that asks first, and says when the next one fits", async ({ expect }) => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    const rate = newRate(10);
    expect(await admittedOf(rate, "us-east", 12)).toBe(10);
    expect(await rate.ask("us-east")).toMatchObject({ kind: "refused", left: 0, retryAfterMs: 6_000 });
    vi.setSystemTime(Date.now() + 5_999);
    expect((await rate.ask("us-east")).kind).toBe("refused");
    vi.setSystemTime(Date.now() + 1);
    expect([(await rate.ask("us-east")).kind, (await rate.ask("us-east")).kind]).toEqual(["held", "refused"]);
  });

  test("gives what one region has not used to another that asks, all of it, and no more", async ({ expect }) => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    const rate = newRate(10);
    expect(await admittedOf(rate, "us-east", 3)).toBe(3);
    expect(await admittedOf(rate, "eu-west", 10)).toBe(7);
    expect(await admittedOf(rate, "us-east", 10)).toBe(0);
  });

  test("refuses nothing that fits when calls start in all regions at once", async ({ expect }) => {
    const rate = newRate(6_000, { rate: { limit: 6_000, burst: 300, periodMs: minuteMs } });
    const inOneRegion = async (region: Region): Promise<readonly ReserveReply[]> => {
      const lanes = Array.from({ length: 5 }, async () => {
        const replies: ReserveReply[] = [];
        for (let call = 0; call < 20; call += 1) replies.push(await rate.ask(region));
        return replies;
      });
      return (await Promise.all(lanes)).flat();
    };
    const replies = (await Promise.all(edges.map(inOneRegion))).flat();
    expect(replies.filter(({ kind }) => kind !== "held")).toEqual([]);
    expect(replies).toHaveLength(300);
  });

  test("admits all of its burst and no more, in whatever order regions ask for whatever amounts", async ({ expect }) => {
    Object.assign(faults, { seed: 3 });
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    for (let trace = 0; trace < 40; trace += 1) {
      const burst = 6 + Math.floor(random() * 60);
      const rate = newRate(burst + Math.floor(random() * 60), { rate: { limit: burst, burst, periodMs: minuteMs } });
      let left = burst;
      while (left > 0) {
        const asks = edges.flatMap((region) => {
          const amount = random() < 0.6 ? Math.min(left, 1 + Math.floor(random() * 4)) : 0;
          left -= amount;
          return amount === 0 ? [] : [rate.ask(region, amount)];
        });
        for (const reply of await Promise.all(asks)) expect(reply.kind).toBe("held");
      }
      for (const region of edges) expect(await rate.ask(region)).toMatchObject({ kind: "refused", left: 0 });
    }
  });

  test("is whole again for whoever asks once it has been idle for so long, however it was divided", async ({ expect }) => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    const rate = newRate(60);
    const outcomes: number[] = [];
    for (const region of [...edges, ...edges]) {
      outcomes.push(await admittedOf(rate, "us-east", 20), await admittedOf(rate, "us-west", 20), await admittedOf(rate, "eu-west", 21));
      vi.setSystemTime(Date.now() + 10 * minuteMs);
      outcomes.push(await admittedOf(rate, region, 61));
      vi.setSystemTime(Date.now() + 10 * minuteMs);
    }
    expect(outcomes).toEqual(edges.concat(edges).flatMap(() => [20, 20, 20, 60]));
  });

  test("admits over all regions what one limit in one place would, but for a twentieth, however calls move among them", async ({
    expect,
  }) => {
    Object.assign(faults, { seed: 11 });
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    const terms = { limit: 600, burst: 60, periodMs: minuteMs };
    const rate = newRate(600, { rate: terms });
    const counts = { admitted: 0, wanted: 0 };
    let state: RateState = restedRate;
    for (let step = 0; step < 1_200; step += 1) {
      vi.setSystemTime(Date.now() + Math.floor(random() * 160));
      // A region has most of the calls for a while, then another.
      const region = random() < 0.7 ? edges[Math.floor(step / 200) % edges.length] : edges[Math.floor(random() * edges.length)];
      const decision = admit(terms, state, 1, Date.now());
      if (decision.kind === "admitted") {
        state = decision.state;
        counts.wanted += 1;
      }
      if ((await rate.ask(region ?? "us-east")).kind === "held") counts.admitted += 1;
    }
    expect(counts.admitted).toBeGreaterThan(0.95 * counts.wanted);
    expect(counts.admitted).toBeLessThanOrEqual(counts.wanted);
  });

  test("that is lowered is kept to at once, also by regions that have it already, and the root hears of it", async ({ expect }) => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    const rate = newRate(100);
    expect(await admittedOf(rate, "us-east", 3)).toBe(3);
    const lowered = { version: 2, rate: { limit: 5, burst: 5, periodMs: minuteMs } };
    const askLowered = async (region: Region) => (await rate.ask(region, 1, lowered)).kind;
    const outcomes = [];
    // The root cannot be reached.
    faults.rpc = 1;
    for (let call = 0; call < 4; call += 1) outcomes.push(await askLowered("us-east"));
    faults.rpc = 0;
    expect(outcomes).toEqual(["held", "held", "refused", "refused"]);
    vi.setSystemTime(Date.now() + minuteMs / 5);
    expect(await askLowered("us-east")).toBe("held");
    await vi.waitFor(async () => {
      expect(await rate.rootVersion()).toBe(2);
    });
    vi.setSystemTime(Date.now() + minuteMs);
    const later = [];
    for (let call = 0; call < 6; call += 1) later.push(await askLowered("us-east"));
    expect(later.filter((kind) => kind === "held")).toHaveLength(5);
  });

  test("counts all of its burst as used after a crash in use, and none of it after a rest", async ({ expect }) => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    const rate = newRate(10);
    await rate.ask("us-west");
    await rate.crash("us-west");
    expect((await rate.ask("us-west")).kind).toBe("refused");
    vi.setSystemTime(Date.now() + minuteMs);
    expect(await admittedOf(rate, "us-west", 11)).toBe(10);
  });

  test(
    "admits in no stretch of time more than one limit would, in 3,000 random steps with crashes and lost messages",
    {
      timeout: 120_000,
    },
    async ({ expect }) => {
      Object.assign(faults, { rpc: 0.03, storage: 0.01, seed: 7 });
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
      let broken = 0;
      let all = 0;
      for (let trace = 0; trace < 50; trace += 1) {
        const [limit, burst] = [6 + Math.floor(random() * 60), 6 + Math.floor(random() * 30)];
        const rate = newRate(limit, { rate: { limit, burst: Math.min(limit, burst), periodMs: minuteMs } });
        const admitted: { atMs: number; amount: number }[] = [];
        for (let step = 0; step < 60; step += 1) {
          const region = edges[Math.floor(random() * edges.length)] ?? "us-east";
          const kind = random();
          if (kind < 0.3) vi.setSystemTime(Date.now() + Math.floor(random() * 4_000));
          else if (kind < 0.32) await rate.crash(region);
          else {
            const amount = 1 + Math.floor(random() * 3);
            const reply = await rate.ask(region, amount).catch(() => null);
            if (reply?.kind === "held") admitted.push({ atMs: Date.now(), amount });
          }
        }
        all += admitted.length;
        for (const [first, { atMs: fromMs }] of admitted.entries()) {
          let units = 0;
          for (const { atMs, amount } of admitted.slice(first)) {
            units += amount;
            if (units > Math.min(limit, burst) + (limit * (atMs - fromMs)) / minuteMs) broken += 1;
          }
        }
      }
      expect({ broken, enough: all > 300 }).toEqual({ broken: 0, enough: true });
    },
  );
});
