import { createExecutionContext, runInDurableObject, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, test } from "vitest";
import { rootStub } from "#adapters/limits/stubs.ts";
import { uuidV7 } from "#adapters/uuid-v7.ts";
import { costSchema } from "#core/contracts/cost.ts";
import { failure } from "#core/contracts/error.ts";
import { organizationIdSchema } from "#core/contracts/id.ts";
import { keySnapshotSchema } from "#core/contracts/key-snapshot.ts";
import { keyLimitsSchema, limitIdSchema } from "#core/contracts/limits.ts";
import { usageBuckets } from "#core/contracts/usage.ts";
import { noAnswer } from "#core/dialects/answer-facts.ts";
import { readCallHeaders } from "#core/gateway/call-headers.ts";
import { readRequestBody } from "#core/gateway/request-body.ts";
import { callIds } from "#core/gateway/request-id.ts";
import { outOf, storedRootSchema } from "#core/limits/root-account.ts";
import type { TargetedCall } from "./call.ts";
import { CallLimits } from "./call-limits.ts";
import { Deadline } from "./deadline.ts";
import { Stopwatch } from "./stopwatch.ts";
import { streamAnswer } from "./stream-answer.ts";

const dollar = 1_000_000_000;
/** Of gpt-4o: $10 a million tokens of output. */
const outputNanoUsd = 10_000;

/** A call of an organisation of its own, under one budget, at the real objects. */
function newCall(setting: object, tokensMax: number) {
  const organizationId = organizationIdSchema.parse(crypto.randomUUID());
  const limitId = limitIdSchema.parse(crypto.randomUUID());
  const budget = { name: "Budget", subject: { kind: "organization" }, window: { kind: "never" }, id: limitId, version: 1, ...setting };
  const limits = keyLimitsSchema.parse({ budgets: [budget], rateLimits: [] });
  const snapshot = keySnapshotSchema.parse({
    keyId: "0123456789abcdef",
    secretHash: "",
    organizationId,
    projectId: crypto.randomUUID(),
    homeRegion: "us-east",
    record: "normal",
    limits,
    revoked: false,
    credentials: {},
    priceOverrides: {},
  });
  const headers = readCallHeaders([]);
  const text = JSON.stringify({ model: "gpt-4o", messages: [{ role: "user", content: "Hi" }], max_tokens: tokensMax, stream: true });
  const body = readRequestBody("chat", text);
  if (headers.kind === "failure" || body.kind === "failure") throw new Error("both can be read");
  const startedAtMs = Date.now();
  const { requestId, traceId, spanId } = callIds(uuidV7(startedAtMs));
  const context = createExecutionContext();
  const identity = { traceId, spanId, shape: "chat", snapshot, headers, servingRegion: "us-east", client: "", startedAtMs } as const;
  const call = new CallLimits(env, context, requestId, identity, limits);
  const target = {
    provider: "openai",
    url: "",
    simulated: false,
    dialect: "chat",
    model: "gpt-4o",
    startedAtMs,
    dropped: [],
    changedFields: {},
  } as const;
  const targeted: TargetedCall = {
    env: { ...env, DATABASE_URL: "", CREDENTIALS_KEY: "" },
    context,
    headers: new Map(),
    // Of a call that another Worker made it may never tell.
    signal: new AbortController().signal,
    requestId,
    identity,
    limits: call,
    failedAttempts: [],
    releaseBody: () => undefined,
    body,
    target,
    deadline: new Deadline(headers.timeouts, startedAtMs),
    upstreamWait: new Stopwatch(),
  };
  return {
    call,
    targeted,
    admit: async () => (await call.admit(target, body, text.length)).kind,
    crash: async () => {
      await runInDurableObject(env.REGION_LIMITER.getByName(`${organizationId}:us-east`), (_, state) => {
        state.abort("crash");
      }).catch(() => undefined);
    },
    /** All that the root granted and has not back. */
    out: async (): Promise<number> =>
      await runInDurableObject(env.BUDGET_ROOT.getByName(organizationId), (_, { storage }) =>
        storage.sql
          .exec<{ value: string }>("SELECT value FROM account")
          .toArray()
          .reduce((sum, { value }) => sum + outOf(storedRootSchema.parse(JSON.parse(value))), 0),
      ),
    /** What the root counts, once all that the call left to be done is done. */
    state: async () => {
      await waitOnExecutionContext(context);
      const [state] = await rootStub(env, organizationId).state(organizationId, limitId);
      return { spent: state?.spent, reserved: state?.reserved };
    },
  };
}

const costOf = (totalNanoUsd: number) => {
  const buckets = Object.fromEntries(usageBuckets.map((bucket) => [bucket, 0]));
  return costSchema.parse({ source: "price-book", priceVersion: "1", buckets, totalNanoUsd });
};
const cut = { failure: failure("upstream_cut"), upstreamStatus: 200, facts: noAnswer, cost: null };

describe("an attempt", () => {
  test("that was admitted and never sent costs nothing", async ({ expect }) => {
    const { call, admit, state } = newCall({ amount: { totalNanoUsd: dollar } }, 1_000);
    expect(await admit()).toBe("admitted");
    call.settleUnsent();
    expect(await state()).toEqual({ spent: 0, reserved: 0 });
  });

  test("of which something went wrong in the gateway counts as the most that it can cost, once", async ({ expect }) => {
    const { call, admit, state } = newCall({ amount: { totalNanoUsd: dollar } }, 1_000);
    expect(await admit()).toBe("admitted");
    call.settleUnknown();
    // As the end of a call that throws after it has settled.
    call.settleUnknown();
    call.settleUnsent();
    const { spent, reserved } = await state();
    expect(reserved).toBe(0);
    expect(spent).toBeGreaterThan(1_000 * outputNanoUsd);
    expect(spent).toBeLessThan(1_200 * outputNanoUsd);
    expect(call.holdIds).toHaveLength(1);
  });
});

describe("a stream in blocks", () => {
  const inBlocks = { amount: { totalNanoUsd: 100 * 1_000 * outputNanoUsd }, streams: "blocks" };

  test("holds more as it comes, and in the end what it cost, to the nano-dollar", async ({ expect }) => {
    const { call, admit, state } = newCall(inBlocks, 16_000);
    expect([await admit(), call.mayCut]).toEqual(["admitted", true]);
    for (let written = 500; written <= 5_000; written += 500) expect(await call.keepUp(written)).toBeNull();
    const facts = { ...noAnswer, finishReason: { unified: "stop", raw: "stop" } } as const;
    call.settle({ failure: null, upstreamStatus: 200, facts, cost: costOf(49_025_000) });
    expect(await state()).toEqual({ spent: 49_025_000, reserved: 0 });
    expect(call.holdIds.length).toBeGreaterThan(2);
  });

  test("goes on over a crash of its limiter, and no less is spent than it cost", async ({ expect }) => {
    const { call, admit, crash, state, out } = newCall(inBlocks, 16_000);
    expect(await admit()).toBe("admitted");
    expect(await call.keepUp(2_000)).toBeNull();
    await crash();
    expect(await call.keepUp(6_000)).toBeNull();
    const facts = { ...noAnswer, finishReason: { unified: "stop", raw: "stop" } } as const;
    call.settle({ failure: null, upstreamStatus: 200, facts, cost: costOf(49_025_000) });
    await state();
    // What the crashed one had in hand counts as spent too.
    expect(await out()).toBeGreaterThanOrEqual(49_025_000);
    expect(await out()).toBeLessThanOrEqual(inBlocks.amount.totalNanoUsd);
  });

  test("must end where nothing is left, with all that it holds spent, and not a nano-dollar beyond the budget", async ({ expect }) => {
    const total = 6_000 * outputNanoUsd;
    const { call, admit, state } = newCall({ name: "Small", amount: { totalNanoUsd: total }, streams: "blocks" }, 16_000);
    expect(await admit()).toBe("admitted");
    let written = 0;
    let fault = null;
    while (fault === null && written < 16_000) {
      written += 200;
      fault = await call.keepUp(written);
    }
    expect(fault).toMatchObject({ code: "budget_exceeded", message: 'The budget "Small" has nothing left: the answer was cut.' });
    // It held what had come, and what may have been under way.
    expect((written + 2_048) * outputNanoUsd).toBeGreaterThan(total - 1_500 * outputNanoUsd);
    call.settle({ ...cut, failure: failure("budget_exceeded") });
    const { spent, reserved } = await state();
    expect(reserved).toBe(0);
    expect(spent).toBeLessThanOrEqual(total);
    expect(spent).toBeGreaterThanOrEqual((written - 200 + 2_048) * outputNanoUsd);
  });

  test("lets its provider go when nobody takes what is written, though no signal tells", async ({ expect }) => {
    const { admit, targeted } = newCall(inBlocks, 16_000);
    expect(await admit()).toBe("admitted");
    const letGo = Promise.withResolvers<string>();
    const chunk = { id: "c", object: "chat.completion.chunk", model: "gpt-4o", choices: [{ index: 0, delta: { content: "yes" } }] };
    const upstream = new ReadableStream<Uint8Array>(
      {
        pull: async (provider) => {
          // A provider that never ends, and is not silent for so long that a keep-alive would find out.
          await new Promise((resolve) => setTimeout(resolve, 1));
          provider.enqueue(new TextEncoder().encode(`data: ${JSON.stringify(chunk)}\n\n`));
        },
        cancel: () => {
          letGo.resolve("let go");
        },
      },
      { highWaterMark: 0 },
    );
    const answered = await streamAnswer(targeted, new Response(null), upstream.getReader());
    if (!(answered instanceof Response)) throw new Error("the stream has begun");
    await answered.body?.cancel();
    expect(await letGo.promise).toBe("let go");
  });

  test("reserves all at once under a budget that does not let it", async ({ expect }) => {
    const { call, admit } = newCall({ amount: { totalNanoUsd: dollar } }, 16_000);
    expect([await admit(), call.mayCut, await call.keepUp(100_000)]).toEqual(["admitted", false, null]);
    call.settleUnsent();
  });
});
