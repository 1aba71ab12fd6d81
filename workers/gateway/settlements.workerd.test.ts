import { createExecutionContext, runInDurableObject, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, test, vi } from "vitest";
import * as z from "zod";
import { askLimiter } from "#adapters/limits/stubs.ts";
import { organizationIdSchema } from "#core/contracts/id.ts";
import { limitIdSchema } from "#core/contracts/limits.ts";
import type { EscrowClaim, EscrowTerms, HoldReceipt } from "#core/limits/limiter-rpc.ts";
import { storedBookSchema } from "#core/limits/stored-book.ts";
import { nothingEnded, pockets, returnPockets } from "./settlements.ts";

const within = { timeout: 10_000, interval: 50 };
const rowSchema = z.object({ counted: z.string(), book: storedBookSchema });
const newTerms = (): EscrowTerms => ({
  limitId: limitIdSchema.parse(crypto.randomUUID()),
  version: 1,
  unit: "nano-usd",
  window: { kind: "never" },
  total: 1_000_000_000,
  perRegion: {},
  isHard: true,
  whenUnreachable: "closed",
});

/** An organisation of its own with a budget for all and one for each key, at the real limiter. */
function newWorld() {
  const place = { organizationId: organizationIdSchema.parse(crypto.randomUUID()), region: "us-east" } as const;
  const [ofAll, ofKeys] = [newTerms(), newTerms()];
  const ofAllClaim = { terms: ofAll, counted: "all", amount: 10 };
  const keyClaim = (key: string) => ({ terms: ofKeys, counted: key, amount: 10 });
  return {
    ofAllClaim,
    keyClaim,
    /** A region lends what it has drawn ahead. */
    borrow: async (budgets: readonly EscrowClaim[]): Promise<void> => {
      await vi.waitFor(async () => {
        const spending = budgets.map(() => 100);
        const asked = { place, attemptId: crypto.randomUUID(), budgets, rates: [], spending, ended: nothingEnded };
        const reply = await askLimiter(env, asked);
        if (reply.kind !== "held" || reply.leases.length === 0) throw new Error("nothing is lent");
        pockets.adopt(place, reply.leases, Date.now());
      }, within);
    },
    call: (key: string): readonly HoldReceipt[] => {
      const receipts = pockets.reserve(place, [ofAllClaim, keyClaim(key)], Date.now());
      if (receipts === null) throw new Error("both have a pocket");
      return receipts;
    },
    /** Ends a call, and waits for all that it left to be done. */
    end: async (receipts: readonly HoldReceipt[]): Promise<void> => {
      const context = createExecutionContext();
      pockets.settle(receipts, 5, Date.now());
      returnPockets(context, env, place, receipts);
      await waitOnExecutionContext(context);
    },
    /** How many pockets the limiter has not back. */
    lent: async (): Promise<readonly string[]> =>
      await runInDurableObject(env.REGION_LIMITER.getByName(`${place.organizationId}:us-east`), (_, { storage }) =>
        storage.sql
          .exec<{ value: string }>("SELECT value FROM book")
          .toArray()
          .map(({ value }) => rowSchema.parse(JSON.parse(value)))
          .map(({ counted, book }) => `${counted}: ${book.pockets.length}`)
          .toSorted(),
      ),
  };
}

describe("a pocket is given back when the last call on it has ended", () => {
  test("though others are under way on another one of that call", async ({ expect }) => {
    const { ofAllClaim, keyClaim, borrow, call, end, lent } = newWorld();
    await borrow([ofAllClaim, keyClaim("one")]);
    await borrow([keyClaim("two")]);
    const [one] = [call("one"), call("two")];
    expect(await lent()).toEqual(["all: 1", "one: 1", "two: 1"]);
    await end(one);
    expect(await lent()).toEqual(["all: 1", "one: 0", "two: 1"]);
  });

  test("though another one of that call was over before", async ({ expect }) => {
    const { ofAllClaim, keyClaim, borrow, call, end, lent } = newWorld();
    await borrow([ofAllClaim, keyClaim("one")]);
    const one = call("one");
    await borrow([keyClaim("one")]);
    expect(await lent()).toEqual(["all: 1", "one: 2"]);
    await end(one);
    expect(await lent()).toEqual(["all: 0", "one: 1"]);
  });
});
