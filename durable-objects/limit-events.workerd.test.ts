import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, test, vi } from "vitest";
import * as z from "zod";
import { askLimiter, limiterStub, rootStub } from "#adapters/limits/stubs.ts";
import { organizationIdSchema } from "#core/contracts/id.ts";
import { limitEventSchema } from "#core/contracts/limit-event.ts";
import { limitIdSchema, type WindowSpec } from "#core/contracts/limits.ts";
import type { Region } from "#core/contracts/region.ts";
import type { Report } from "#core/limits/holder.ts";
import type { EscrowTerms, ReserveReply } from "#core/limits/limiter-rpc.ts";
import { windowOf } from "#core/limits/window.ts";
import { faults, random } from "./limiter-faults.fixture.ts";

vi.spyOn(console, "warn").mockImplementation(() => undefined);

const rowSchema = z.object({ event: limitEventSchema });
const within = { timeout: 10_000, interval: 50 };

/** An organisation of its own with one budget; no Postgres takes its events, so that they wait in the root. */
function newWorld(total: number, window: WindowSpec = { kind: "never" }) {
  const organizationId = organizationIdSchema.parse(crypto.randomUUID());
  const terms: EscrowTerms = {
    limitId: limitIdSchema.parse(crypto.randomUUID()),
    version: 1,
    unit: "nano-usd",
    window,
    total,
    perRegion: {},
    isHard: true,
    alertThresholds: [0.5, 1],
    whenUnreachable: "closed",
  };
  const root = () => env.BUDGET_ROOT.getByName(organizationId);
  return {
    /** A call that may cost `worst` and does cost `cost`: what it was told. */
    call: async (region: Region, worst: number, cost: number): Promise<ReserveReply["kind"]> => {
      const place = { organizationId, region };
      const attemptId = crypto.randomUUID();
      const budgets = [{ terms, counted: "ann", amount: worst }];
      const ended = { settlements: [], closings: [] };
      const reply = await askLimiter(env, { place, attemptId, budgets, rates: [], spending: [], ended });
      if (reply.kind !== "held") return reply.kind;
      const settlement = { attemptId, receipts: reply.receipts, charges: [], nanoUsd: cost, tokens: null };
      await limiterStub(env, place).settle(place, { settlements: [settlement], closings: [] });
      return "held";
    },
    /** What the root hears that us-east has spent in the window of a moment. */
    hear: async (atMs: number, spent: number): Promise<void> => {
      const ask = { terms, counted: "ann", window: windowOf(window, atMs), waiting: 0 };
      const draw = async (report: Report | null) =>
        await rootStub(env, organizationId).draw({
          place: { organizationId, region: "us-east" },
          budgets: [{ ...ask, report }],
          rates: [],
        });
      await draw(null);
      const nothing = { returned: 0, reserved: 0, holds: 0, closing: false };
      await draw({ ...nothing, window: ask.window.id, epoch: 1, seq: 1, target: spent, spent });
    },
    change: async (changed: number): Promise<void> =>
      await rootStub(env, organizationId).adopt(organizationId, { ...terms, version: 2, total: changed }),
    events: async (): Promise<string[]> =>
      await runInDurableObject(root(), (_, { storage }) =>
        storage.sql
          .exec<{ value: string }>("SELECT value FROM event")
          .toArray()
          .map(({ value }) => rowSchema.parse(JSON.parse(value)).event)
          .map(({ kind, threshold, region, overNanoUsd }) =>
            [kind, threshold, region, overNanoUsd].filter((fact) => fact !== null && fact !== 0).join(" "),
          )
          .toSorted(),
      ),
    crash: async (which: Region | "root"): Promise<void> => {
      const stub = which === "root" ? root() : env.REGION_LIMITER.getByName(`${organizationId}:${which}`);
      await runInDurableObject(stub, (_, state) => {
        state.abort("crash");
      }).catch(() => undefined);
    },
  };
}

describe("a budget's events", () => {
  test("are raised without anybody asking how it stands, and outlive a crash of the root", async ({ expect }) => {
    const world = newWorld(1_000);
    expect(await world.call("us-east", 300, 300)).toBe("held");
    expect(await world.call("eu-west", 300, 201)).toBe("held");
    await vi.waitFor(async () => expect(await world.events()).toEqual(["threshold 0.5"]), within);
    await world.crash("root");
    expect(await world.call("eu-west", 500, 1)).toBe("refused");
    await vi.waitFor(async () => expect(await world.events()).toEqual(["refused eu-west", "threshold 0.5"]), within);
    expect(await world.call("us-east", 499, 499)).toBe("held");
    await vi.waitFor(async () => expect(await world.events()).toEqual(["refused eu-west", "threshold 0.5", "threshold 1"]), within);
  });

  test("say that a provider billed more than a call could cost", async ({ expect }) => {
    const world = newWorld(1_000);
    expect(await world.call("us-west", 100, 130)).toBe("held");
    await vi.waitFor(async () => expect(await world.events()).toEqual(["bound_exceeded us-west 30"]), within);
  });

  test("are not raised anew by a rolling window that is as full as before, after slots without calls", async ({ expect }) => {
    const world = newWorld(1_000, { kind: "rolling", unit: "hour", count: 24 });
    const nowMs = Date.now();
    await world.hear(nowMs - 3 * 3_600_000, 600);
    expect(await world.events()).toEqual(["threshold 0.5"]);
    await world.hear(nowMs, 10);
    expect(await world.events()).toEqual(["threshold 0.5"]);
  });

  test("are none of windows that were over when the limit was changed", async ({ expect }) => {
    const window = { kind: "calendar", unit: "month", timeZone: "UTC" } as const;
    const world = newWorld(1_000, window);
    const nowMs = Date.now();
    await world.hear(windowOf(window, nowMs).startMs - 1, 499);
    await world.hear(nowMs, 499);
    expect(await world.events()).toEqual([]);
    await world.change(500);
    expect(await world.events()).toEqual(["threshold 0.5"]);
  });

  test("are raised once each, whatever crashes and whatever is lost or comes twice", async ({ expect }) => {
    const world = newWorld(1_000);
    Object.assign(faults, { rpc: 0.1, storage: 0.02, seed: 7 });
    for (let step = 0; step < 150; step += 1) {
      const region = random() < 0.5 ? "us-east" : "eu-west";
      if (random() < 0.05) await world.crash(random() < 0.5 ? region : "root");
      await world.call(region, 20, 20).catch(() => undefined);
    }
    Object.assign(faults, { rpc: 0, storage: 0 });
    // Whoever is refused asked the root, which then has heard of all that was spent.
    await vi.waitFor(async () => expect(await world.call("us-east", 900, 0)).toBe("refused"), within);
    const named = async (): Promise<string[]> => (await world.events()).map((event) => event.replace(/ (us-east|eu-west)$/, ""));
    await vi.waitFor(async () => expect(await named()).toEqual(expect.arrayContaining(["refused", "threshold 0.5"])), within);
    const kinds = await named();
    expect(kinds).toEqual([...new Set(kinds)]);
  });
});
