import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, test, vi } from "vitest";
import { askLimiter, limiterStub, rootStub } from "#adapters/limits/stubs.ts";
import { organizationIdSchema, type OrganizationId } from "#core/contracts/id.ts";
import { limitIdSchema } from "#core/contracts/limits.ts";
import { regionSchema, type Region } from "#core/contracts/region.ts";
import type { EscrowTerms, HoldReceipt, ReserveReply, Settlement } from "#core/limits/limiter-rpc.ts";
import { Pockets } from "#core/limits/pockets.ts";
import { outOf, storedRootSchema } from "#core/limits/root-account.ts";
import { faults, random } from "./limiter-faults.fixture.ts";
import { LimiterBooks } from "./limiter-books.ts";

vi.spyOn(console, "warn").mockImplementation(() => undefined);

type Held = Extract<ReserveReply, { kind: "held" }>;

interface OpenCall {
  readonly attemptId: string;
  readonly region: Region;
  /** `null`: it is held by a pocket of its isolate. */
  readonly held: Held | null;
  readonly isolate: Pockets;
  readonly receipts: readonly HoldReceipt[];
  readonly amount: number;
}

/** An organisation that no other test uses, with one budget. */
class World {
  readonly organizationId: OrganizationId = organizationIdSchema.parse(crypto.randomUUID());
  terms: EscrowTerms;
  /** What calls truly cost, and what those under way may cost. */
  spent = 0;
  open = 0;
  /** The highest limit since what was out last fitted into it. */
  ceiling: number;
  overshoot = 0;
  readonly calls: OpenCall[] = [];
  /** One a region, which keeps pockets where it is said to spend fast. */
  readonly isolates = new Map<Region, Pockets>(regionSchema.options.map((region) => [region, new Pockets()]));
  perMs = 0;
  pocketed = 0;

  constructor(change: Partial<EscrowTerms>) {
    this.terms = {
      limitId: limitIdSchema.parse(crypto.randomUUID()),
      version: 1,
      unit: "nano-usd",
      window: { kind: "never" },
      total: 1_000,
      perRegion: {},
      isHard: true,
      whenUnreachable: "closed",
      ...change,
    };
    this.ceiling = this.terms.total;
  }

  limiter(region: Region) {
    return limiterStub(env, { organizationId: this.organizationId, region });
  }

  root() {
    return rootStub(env, this.organizationId);
  }

  place(region: Region) {
    return { organizationId: this.organizationId, region };
  }

  /** What a gateway asks. */
  requestOf(region: Region, attemptId: string, amount: number) {
    return {
      place: this.place(region),
      attemptId,
      budgets: [{ terms: this.terms, counted: this.organizationId, amount }],
      rates: [],
      spending: [this.perMs],
      ended: { settlements: [], closings: [] },
    };
  }

  /** As the gateway does: an answer that is lost is asked for once more, and then let go of. */
  async reserve(region: Region, amount: number): Promise<ReserveReply["kind"] | "lost"> {
    const attemptId = crypto.randomUUID();
    const isolate = this.isolates.get(region) ?? new Pockets();
    const place = this.place(region);
    const budgets = [{ terms: this.terms, counted: this.organizationId, amount }];
    const pocketed = isolate.reserve(place, budgets, Date.now());
    if (pocketed !== null) {
      this.calls.push({ attemptId, region, amount, held: null, isolate, receipts: pocketed });
      this.open += amount;
      this.pocketed += 1;
      this.check();
      return "held";
    }
    const request = this.requestOf(region, attemptId, amount);
    for (let tries = 0; tries < 2; tries += 1) {
      try {
        // Structured clones of what came over the wire.
        const reply = await askLimiter(env, request);
        if (reply.kind === "held") {
          isolate.adopt(place, reply.leases, Date.now());
          this.calls.push({ attemptId, region, amount, held: { ...reply }, isolate, receipts: reply.receipts });
          this.open += amount;
          this.check();
        }
        return reply.kind;
      } catch {
        continue;
      }
    }
    await this.limiter(region)
      .cancel(this.place(region), attemptId)
      .catch(() => undefined);
    return "lost";
  }

  /** Ends a call at a cost that nobody knew; `isKnown`: whether its limiter is told. `mayEndPocket`: whether its pocket ends with it. */
  async settle(call: OpenCall, actual: number, isKnown: boolean, mayEndPocket?: boolean): Promise<void> {
    this.open -= call.amount;
    this.spent += actual;
    const { attemptId, held, region, isolate, receipts } = call;
    if (held === null) {
      isolate.settle(receipts, isKnown ? actual : null, Date.now());
      const closings = isolate.close(receipts, mayEndPocket ?? random() < 0.5, Date.now());
      // A report that is lost leaves its pocket counted as spent.
      await this.limiter(region)
        .settle(this.place(region), { settlements: [], closings })
        .catch(() => undefined);
      return;
    }
    const { charges } = held;
    const settlement: Settlement = { attemptId, receipts, charges, nanoUsd: isKnown ? actual : null, tokens: null };
    const tell = async (): Promise<void> => {
      await this.limiter(region)
        .settle(this.place(region), { settlements: [settlement], closings: [] })
        .catch(() => undefined);
    };
    await tell();
    if (random() < 0.2) await tell();
  }

  check(): void {
    this.overshoot = Math.max(this.overshoot, this.spent + this.open - this.ceiling);
  }

  /** Ends the call that has been under way longest, at a known cost. */
  async settleKnown(actual: number, mayEndPocket = true): Promise<void> {
    const call = this.calls.shift();
    if (call !== undefined) await this.settle(call, actual, true, mayEndPocket);
  }

  /** Ends a random call under way. */
  async settleOne(): Promise<void> {
    const [call] = this.calls.splice(Math.floor(random() * this.calls.length), 1);
    if (call !== undefined) await this.settle(call, Math.floor(random() * (call.amount + 1)), random() < 0.9);
  }

  /** An isolate ends without notice; its calls may have cost anything. */
  kill(region: Region): void {
    const dead = this.isolates.get(region);
    this.isolates.set(region, new Pockets());
    for (const call of this.calls.filter(({ isolate }) => isolate === dead)) {
      this.calls.splice(this.calls.indexOf(call), 1);
      this.open -= call.amount;
      this.spent += Math.floor(random() * (call.amount + 1));
    }
  }

  /** Ends an object as a crash does: nothing in memory survives. */
  async crash(which: Region | "root"): Promise<void> {
    const stub =
      which === "root" ? env.BUDGET_ROOT.getByName(this.organizationId) : env.REGION_LIMITER.getByName(`${this.organizationId}:${which}`);
    await runInDurableObject(stub, (_, state) => {
      state.abort("crash");
    }).catch(() => undefined);
  }

  /** How many books a region keeps. */
  async books(region: Region): Promise<number> {
    return await runInDurableObject(
      env.REGION_LIMITER.getByName(`${this.organizationId}:${region}`),
      (_, { storage }) => storage.sql.exec("SELECT id FROM book").toArray().length,
    );
  }

  /** What the root counts as spent: all that it granted and has not back. */
  async out(): Promise<number> {
    const root = env.BUDGET_ROOT.getByName(this.organizationId);
    return await runInDurableObject(root, (_, { storage }) => {
      const rows = storage.sql.exec<{ value: string }>("SELECT value FROM account").toArray();
      return rows.reduce((sum, { value }) => sum + outOf(storedRootSchema.parse(JSON.parse(value))), 0);
    });
  }

  async state() {
    const [state] = await this.root().state(this.organizationId, this.terms.limitId);
    if (state === undefined) throw new Error("nothing was drawn");
    return state;
  }
}

const edges = regionSchema.options;
const kinds = [{ total: 600 }, { total: 600, perRegion: { "eu-west": 150 } }, { total: 3_000_000 }];
const anyRegion = (): Region => edges[Math.floor(random() * edges.length)] ?? "us-east";

describe("a hard budget at the real objects", () => {
  test(
    "is never overrun in 10,000 random steps with crashes, lost and doubled messages and failed commits",
    { timeout: 240_000 },
    async ({ expect }) => {
      Object.assign(faults, { rpc: 0.06, storage: 0.01, seed: 20_261_129 });
      let steps = 0;
      const counts: Record<string, number> = {};
      let overshoot = 0;
      let missing = Number.NEGATIVE_INFINITY;
      let pocketed = 0;
      let rounds = 0;
      while (steps < 10_000) {
        rounds += 1;
        // Small budgets come to their end; a large one has pockets.
        const world = new World(kinds[rounds % kinds.length] ?? {});
        world.perMs = 1;
        const caller = async (): Promise<void> => {
          for (let step = 0; step < 60; step += 1) {
            steps += 1;
            const kind = random();
            if (kind < 0.5) {
              const outcome = await world.reserve(anyRegion(), 1 + Math.floor(random() * 40));
              counts[outcome] = (counts[outcome] ?? 0) + 1;
            } else if (kind < 0.95) await world.settleOne();
            else if (kind < 0.96) await world.crash(anyRegion());
            else if (kind < 0.965) await world.crash("root");
            else if (kind < 0.97) world.kill(anyRegion());
            else await world.state().catch(() => undefined);
          }
        };
        await Promise.all(Array.from({ length: 8 }, caller));
        world.check();
        overshoot = Math.max(overshoot, world.overshoot);
        missing = Math.max(missing, world.spent + world.open - (await world.out()));
        pocketed += world.pocketed;
      }
      Object.assign(faults, { rpc: 0, storage: 0 });
      expect({ overshoot, isMissing: missing > 0 }).toEqual({ overshoot: 0, isMissing: false });
      // Or nothing was tried.
      expect(counts["held"] ?? 0).toBeGreaterThan(1_000);
      expect(counts["refused"] ?? 0).toBeGreaterThan(100);
      expect(pocketed).toBeGreaterThan(100);
      expect(Math.min(faults.rpcFailures, faults.storageFailures)).toBeGreaterThan(50);
    },
  );

  test("admits a call that needs all that is left, wherever the rights lie", async ({ expect }) => {
    Object.assign(faults, { rpc: 0, storage: 0 });
    const world = new World({ total: 1_000 });
    for (const region of edges) for (let call = 0; call < 3; call += 1) expect(await world.reserve(region, 50)).toBe("held");
    while (world.calls.length > 0) await world.settleKnown(20);
    expect(await world.reserve("eu-west", 1_000 - world.spent + 1)).toBe("refused");
    expect(await world.reserve("eu-west", 1_000 - world.spent)).toBe("held");
    expect(await world.reserve("us-east", 1)).toBe("refused");
    await world.settleKnown(0);
    expect(await world.reserve("us-west", 1_000 - world.spent)).toBe("held");
    await world.settleKnown(0);
    expect(await world.state()).toMatchObject({ limit: 1_000, spent: 180, reserved: 0 });
  });

  test("keeps a region within its own limit, and leaves the rest to the others", async ({ expect }) => {
    const world = new World({ total: 1_000, perRegion: { "eu-west": 100 } });
    expect([await world.reserve("eu-west", 101), await world.reserve("eu-west", 100), await world.reserve("eu-west", 1)]).toEqual([
      "refused",
      "held",
      "refused",
    ]);
    expect(await world.reserve("us-east", 900)).toBe("held");
  });

  test("settles a call whose region crashed by its receipt: at its cost, and once", async ({ expect }) => {
    const world = new World({ total: 100 });
    await world.reserve("us-east", 60);
    await world.crash("us-east");
    const [call] = world.calls;
    if (call === undefined) throw new Error("a call is under way");
    await world.settle(call, 10, true);
    await world.settle({ ...call, amount: 0 }, 0, true);
    world.calls.length = 0;
    expect(await world.reserve("eu-west", 90)).toBe("held");
    expect(await world.reserve("us-east", 1)).toBe("refused");
  });

  test("that was lowered takes back what lies idle, and counts what was spent", async ({ expect }) => {
    const world = new World({ total: 1_000 });
    for (const region of edges) await world.reserve(region, 100);
    while (world.calls.length > 0) await world.settleKnown(50);
    world.terms = { ...world.terms, version: 2, total: 200 };
    await world.root().adopt(world.organizationId, world.terms);
    expect([await world.reserve("us-east", 51), await world.reserve("us-east", 50)]).toEqual(["refused", "held"]);
    // An edge that has not heard of it yet changes nothing.
    world.terms = { ...world.terms, version: 1, total: 1_000 };
    expect(await world.reserve("us-west", 1)).toBe("refused");
  });

  test("whose part for one region was lowered takes back what lies idle there", async ({ expect }) => {
    const world = new World({ total: 1_000 });
    await world.reserve("eu-west", 50);
    await world.settleKnown(50);
    world.terms = { ...world.terms, version: 2, perRegion: { "eu-west": 60 } };
    await world.root().adopt(world.organizationId, world.terms);
    expect([await world.reserve("eu-west", 11), await world.reserve("eu-west", 10)]).toEqual(["refused", "held"]);
  });

  test("refuses calls of more than all of it without harm to others, however many come at once", async ({ expect }) => {
    const world = new World({ total: 1_000 });
    const absurd = await Promise.all(Array.from({ length: 4 }, async () => await world.reserve("us-east", 9e15)));
    expect(absurd).toEqual(["refused", "refused", "refused", "refused"]);
    const soft = new World({ total: 1_000, isHard: false });
    expect(await soft.reserve("us-east", 9e15)).toBe("held");
    await soft.settleKnown(5);
    expect([await world.reserve("us-east", 1_000), await soft.reserve("us-east", 1_000)]).toEqual(["held", "held"]);
    await soft.settleKnown(5);
    expect(await soft.state()).toMatchObject({ spent: 10 });
  });

  const loseStorage = async (world: World): Promise<void> => {
    await world.crash("us-east");
    await runInDurableObject(env.REGION_LIMITER.getByName(`${world.organizationId}:us-east`), async (_, { storage }) => {
      storage.sql.exec("DELETE FROM book");
      await storage.sync();
    });
    await world.crash("us-east");
  };

  test("of calls at once is whole again when a region has lost its storage", async ({ expect }) => {
    const world = new World({ unit: "calls", total: 10 });
    for (let call = 0; call < 10; call += 1) expect(await world.reserve("us-east", 1)).toBe("held");
    expect(await world.reserve("us-east", 1)).toBe("refused");
    await loseStorage(world);
    expect([await world.reserve("us-east", 1), await world.reserve("us-west", 1)]).toEqual(["held", "held"]);
  });

  test("is not spent twice by a region that has lost its storage", async ({ expect }) => {
    const world = new World({ total: 1_000 });
    expect(await world.reserve("us-east", 700)).toBe("held");
    await loseStorage(world);
    expect(await world.books("us-east")).toBe(0);
    expect([await world.reserve("us-east", 301), await world.reserve("us-west", 301)]).toEqual(["refused", "refused"]);
  });

  test("that is for each end user keeps no more of those that nobody has ever seen in memory than it must", async ({ expect }) => {
    const world = new World({});
    await runInDurableObject(env.REGION_LIMITER.getByName(crypto.randomUUID()), (_, { storage }) => {
      const books = new LimiterBooks(storage);
      const nowMs = Date.now();
      const bookOf = (index: number) => books.present({ terms: world.terms, counted: `user ${index}`, amount: 1 }, nowMs);
      const before = Array.from({ length: 6_000 }, (_, index) => bookOf(index));
      books.forgetResting(nowMs);
      // What was kept is the same, and the oldest are read anew.
      expect([1_000, 5_999, 0, 999].map((index) => bookOf(index) === before[index])).toEqual([true, true, false, false]);
    });
  });

  test("that is for each end user holds for all but one that cannot be stored", async ({ expect }) => {
    const world = new World({ total: 1_000 });
    const request = world.requestOf("us-east", "unstorable", 100);
    const budgets = request.budgets.map((claim) => ({ ...claim, counted: "x".repeat(1_500_000) }));
    expect((await askLimiter(env, { ...request, budgets }).catch(() => ({ kind: "failed" }))).kind).toBe("failed");
    expect([await world.reserve("us-east", 400), await world.reserve("us-east", 600), await world.reserve("us-east", 1)]).toEqual([
      "held",
      "held",
      "refused",
    ]);
  });

  test("holds nothing for a reserve that comes late, however often it comes", async ({ expect }) => {
    const world = new World({ total: 1_000 });
    const reserve = async (attemptId: string) => await askLimiter(env, world.requestOf("us-east", attemptId, 100));
    await world.limiter("us-east").cancel(world.place("us-east"), "cancelled");
    expect([(await reserve("cancelled")).kind, (await reserve("cancelled")).kind]).toEqual(["unreachable", "unreachable"]);
    const held = await reserve("settled");
    if (held.kind !== "held") throw new Error("it fits");
    const settlement = { attemptId: "settled", receipts: [...held.receipts], charges: [], nanoUsd: 40, tokens: null };
    await world.limiter("us-east").settle(world.place("us-east"), { settlements: [settlement], closings: [] });
    expect((await reserve("settled")).kind).toBe("unreachable");
    expect(await world.state()).toMatchObject({ spent: 40, reserved: 0 });
  });

  test("is lent to isolates by a region that has enough in hand, and does not know how it stands elsewhere", async ({ expect }) => {
    const world = new World({ total: 1_000_000_000 });
    const limiter = world.limiter("us-east");
    const rich = await askLimiter(env, { ...world.requestOf("us-east", "rich", 100_000), spending: [] });
    if (rich.kind !== "held") throw new Error("it fits");
    const settlement = { attemptId: "rich", receipts: [...rich.receipts], charges: [], nanoUsd: 0, tokens: null };
    await limiter.settle(world.place("us-east"), { settlements: [settlement], closings: [] });
    await runDurableObjectAlarm(env.REGION_LIMITER.getByName(`${world.organizationId}:us-east`));
    await world.crash("us-east");
    world.perMs = 0.2;
    const calls = { made: 0 };
    await vi.waitUntil(
      async () => {
        calls.made += 1;
        const reply = await askLimiter(env, world.requestOf("us-east", crypto.randomUUID(), 100));
        return reply.kind === "held" && reply.leases.length === 1;
      },
      { timeout: 10_000, interval: 200 },
    );
    expect(calls.made).toBeGreaterThan(1);
  });

  test("is spent by an isolate alone, lease after lease", async ({ expect }) => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    const world = new World({ total: 1_000_000_000_000 });
    const limiter = env.REGION_LIMITER.getByName(`${world.organizationId}:us-east`);
    const [calls, amount] = [1_000, 1_000_000];
    world.perMs = amount / 20;
    for (let call = 0; call < calls; call += 1) {
      vi.setSystemTime(Date.now() + 20);
      expect(await world.reserve("us-east", amount)).toBe("held");
      await world.settleKnown(amount / 2, false);
      if (call % 50 === 0) await runDurableObjectAlarm(limiter);
    }
    vi.useRealTimers();
    expect(world.pocketed / calls).toBeGreaterThan(0.98);
  });

  test("holds a call for which many limits are new, at the first try", async ({ expect }) => {
    const world = new World({ total: 1_000 });
    const request = world.requestOf("us-east", "many", 100);
    const counted = world.organizationId;
    const rates = Array.from({ length: 5 }, () => {
      const limitId = limitIdSchema.parse(crypto.randomUUID());
      const rate = { limit: 10, burst: 10, periodMs: 60_000 };
      return { terms: { limitId, version: 1, unit: "requests", rate, whenUnreachable: "closed" } as const, counted, amount: 1 };
    });
    const reply = await askLimiter(env, { ...request, rates, spending: [] });
    expect(reply).toMatchObject({ kind: "held", charges: { length: 5 } });
  });

  test("goes on with the rights in hand while the root cannot be reached, then refuses or lets pass as it says", async ({ expect }) => {
    const closed = new World({ total: 10_000 });
    const open = new World({ total: 10_000, whenUnreachable: "open" });
    for (const world of [closed, open]) await world.reserve("us-east", 100);
    faults.rpc = 1;
    const outcomes = [];
    // The first leaves 100 of its own, and twice its worst case was drawn.
    for (const world of [closed, open]) outcomes.push(await world.reserve("us-east", 100), await world.reserve("us-east", 5_000));
    faults.rpc = 0;
    expect(outcomes).toEqual(["held", "unreachable", "held", "held"]);
  });
});

describe("a window", () => {
  test("of a rolling window says when enough has left it, and not a millisecond before there is", async ({ expect }) => {
    const hourMs = 3_600_000;
    const startMs = Math.floor(Date.now() / hourMs) * hourMs;
    vi.useFakeTimers({ toFake: ["Date"], now: startMs + hourMs / 2 });
    const world = new World({ total: 100, window: { kind: "rolling", unit: "hour", count: 24 } });
    const spend = async (region: Region, amount: number): Promise<void> => {
      expect(await world.reserve(region, amount)).toBe("held");
      for (const call of world.calls.splice(0)) await world.settle(call, amount, true);
    };
    await spend("us-east", 60);
    vi.setSystemTime(Date.now() + hourMs);
    // What is over is told to the root, which frees what of it was not spent.
    await runDurableObjectAlarm(env.REGION_LIMITER.getByName(`${world.organizationId}:us-east`));
    await spend("eu-west", 40);
    const ask = async () => await askLimiter(env, world.requestOf("us-west", crypto.randomUUID(), 30));
    // The first slot counts for 24 hours after its end.
    expect(await ask()).toMatchObject({ kind: "refused", left: 0, retryAfterMs: 23.5 * hourMs });
    vi.setSystemTime(startMs + 25 * hourMs - 1);
    expect(await ask()).toMatchObject({ kind: "refused", retryAfterMs: 1 });
    vi.setSystemTime(startMs + 25 * hourMs);
    expect((await ask()).kind).toBe("held");
    vi.useRealTimers();
  });

  test("starts anew without what the last one left, and the last one's calls are settled in it", async ({ expect }) => {
    vi.useFakeTimers({ toFake: ["Date"], now: Math.floor(Date.now() / 60_000) * 60_000 + 30_000 });
    const world = new World({ total: 100, window: { kind: "clock", unit: "minute" } });
    expect([await world.reserve("us-east", 70), await world.reserve("us-east", 70)]).toEqual(["held", "refused"]);
    vi.setSystemTime(Date.now() + 60_000);
    expect([await world.reserve("us-east", 100), await world.reserve("us-east", 1)]).toEqual(["held", "refused"]);
    const [old] = world.calls.splice(0, 1);
    if (old === undefined) throw new Error("a call is under way");
    await world.settle(old, 0, true);
    expect(await world.reserve("us-east", 1)).toBe("refused");
    expect((await world.state()).reserved).toBe(100);
    // What is over is told to the root, and forgotten.
    await runDurableObjectAlarm(env.REGION_LIMITER.getByName(`${world.organizationId}:us-east`));
    expect(await world.books("us-east")).toBe(1);
    vi.useRealTimers();
  });
});
