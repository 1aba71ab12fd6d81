import OpenAI from "openai";
import { afterAll, beforeAll, describe, test } from "vitest";
import * as z from "zod";
import { putBudget } from "#core/contracts/api/budgets.ts";
import { getTrace } from "#core/contracts/api/traces.ts";
import { regionSchema } from "#core/contracts/region.ts";
import { askClickhouse } from "./harness/clickhouse.ts";
import { control } from "./harness/control-api.ts";
import { whileStopped } from "./harness/processes.ts";
import { startProvider, type Provider } from "./harness/provider.ts";
import { startSystem, type RunningSystem } from "./harness/running-system.ts";
import { asking, clientAt, costOf, newSpender, spendingProvider } from "./harness/spending.ts";
import { until } from "./harness/until.ts";

let provider: Provider;
let system: RunningSystem;
const spending = spendingProvider();

beforeAll(async () => {
  provider = await startProvider();
  provider.behave(spending.behave);
  const claude = { ANTHROPIC_BASE_URL: provider.baseUrl, ANTHROPIC_API_KEY: "sk-ant" };
  system = await startSystem({ OPENAI_BASE_URL: provider.baseUrl, OPENAI_API_KEY: "sk-openai", ...claude });
});
afterAll(async () => {
  spending.release();
  await system?.remove();
  await provider?.close();
});

const dollar = 1_000_000_000;

/** What a call that must be refused is told. */
async function refusalOf(call: Promise<unknown>) {
  try {
    await call;
  } catch (error) {
    if (error instanceof OpenAI.APIError) {
      const headers: Headers = error.headers ?? new Headers();
      return { status: error.status, name: error.constructor.name, code: error.code, message: error.message, headers };
    }
    throw error;
  }
  throw new Error("it was not refused");
}

const edges = regionSchema.options;

test("64 callers in three regions spend a budget of one dollar to the last call that fits, and not a nano-dollar more", async ({
  expect,
}) => {
  const spender = await newSpender(system);
  const key = await spender.newKey();
  const { limitId } = await spender.budget({ name: "One dollar", amount: { totalNanoUsd: dollar } });
  const before = spending.billedNanoUsd();
  const tokensMax = 250;
  let calls = 0;
  const refusals = await Promise.all(
    Array.from({ length: 64 }, async (_, index) => {
      // As its users do: it waits and tries again for as long as it is told that this may help.
      const client = clientAt(system, edges[index % edges.length] ?? "us-east", key, 100);
      for (;;) {
        try {
          const tokens = 1 + Math.floor(Math.random() * tokensMax);
          await client.chat.completions.create(asking("answer", tokens, { max_tokens: tokensMax }));
          calls += 1;
        } catch (error) {
          if (error instanceof OpenAI.RateLimitError) return error;
          throw error;
        }
      }
    }),
  );
  const spent = spending.billedNanoUsd() - before;
  const state = await until("all to be settled", 10_000, async () => {
    const standing = await spender.state(limitId);
    return standing.reservedNanoUsd === 0 && standing.spentNanoUsd === spent ? standing : null;
  });
  expect(spent).toBeLessThanOrEqual(dollar);
  expect(spent).toBeGreaterThanOrEqual(0.99 * dollar);
  expect(state).toMatchObject({ limitNanoUsd: dollar, leftNanoUsd: dollar - spent });
  expect(calls).toBeGreaterThan(300);
  for (const { message, headers } of refusals) {
    expect(message).toContain('The budget "One dollar" ($1.00, counted for');
    expect(headers.get("x-should-retry")).toBe("false");
  }
  const recorded = await until("every call's span", 30_000, async () => {
    const [row] = await askClickhouse(system, {
      query: `SELECT toString(sum(cost_nano_usd)) AS spent, count() AS calls FROM spans FINAL
              WHERE project_id = '${spender.projectId}' AND cost_nano_usd > 0`,
      row: z.object({ spent: z.string(), calls: z.coerce.number() }),
    });
    return row?.calls === calls ? row : null;
  });
  expect(recorded.spent).toBe(String(spent));
});

describe("a rate limit", () => {
  test("admits exactly so many requests, and the official client is told when to come back", async ({ expect }) => {
    const spender = await newSpender(system);
    const client = clientAt(system, "us-east", await spender.newKey());
    await spender.rateLimit({ name: "Five a minute", measure: "requests", limit: 5 });
    const remaining: (string | null)[] = [];
    for (let call = 0; call < 5; call += 1) {
      const { response } = await client.chat.completions.create(asking("answer", 1)).withResponse();
      remaining.push(response.headers.get("x-ratelimit-remaining-requests"));
    }
    expect(remaining).toEqual(["4", "3", "2", "1", "0"]);
    const refused = await refusalOf(client.chat.completions.create(asking("answer", 1)));
    expect(refused).toMatchObject({ status: 429, name: "RateLimitError", code: "rate_limit_exceeded" });
    expect(refused.message).toContain('The limit "Five a minute" (5 requests a minute');
    const retryAfter = Number(refused.headers.get("retry-after"));
    expect([retryAfter > 0 && retryAfter <= 12, refused.headers.get("x-ratelimit-limit-requests")]).toEqual([true, "5"]);
  });

  test("of requests holds for fallbacks too, and counts a request and its fallback once", async ({ expect }) => {
    const spender = await newSpender(system);
    const client = clientAt(system, "us-east", await spender.newKey());
    await spender.rateLimit({ measure: "requests", limit: 2 });
    const route = { headers: { "x-evalforge-route": "openai/gpt-4o, openai/gpt-4o-mini" } };
    await refusalOf(client.chat.completions.create(asking("refuse", 1), route));
    await client.chat.completions.create(asking("answer", 1), route);
    const sent = provider.requests.length;
    const refused = await refusalOf(client.chat.completions.create(asking("answer", 1), route));
    expect([refused.status, refused.code, provider.requests.length - sent]).toEqual([429, "rate_limit_exceeded", 0]);
  });

  test("admits of 96 requests at once in three regions its limit, no more and no fewer", async ({ expect }) => {
    const spender = await newSpender(system);
    const key = await spender.newKey();
    await spender.rateLimit({ measure: "requests", limit: 30 });
    const startedAtMs = Date.now();
    const answers = await Promise.all(
      Array.from({ length: 96 }, async (_, index) => {
        const client = clientAt(system, edges[index % edges.length] ?? "us-east", key);
        return await client.chat.completions.create(asking("answer", 1)).then(
          () => true,
          () => false,
        );
      }),
    );
    const admitted = answers.filter(Boolean).length;
    const refilled = Math.floor(((Date.now() - startedAtMs) * 30) / 60_000);
    expect(admitted).toBeLessThanOrEqual(30 + refilled);
    expect(admitted).toBeGreaterThanOrEqual(30);
  });

  test("of tokens is charged with what a call used, once that is known", async ({ expect }) => {
    const spender = await newSpender(system);
    const client = clientAt(system, "eu-west", await spender.newKey());
    await spender.rateLimit({ measure: "tokens", limit: 10_000 });
    await client.chat.completions.create(asking("answer", 90, { max_tokens: 5_000 }));
    const left = await until("what was not used to come back", 10_000, async () => {
      const { response } = await client.chat.completions.create(asking("answer", 1, { max_tokens: 16 })).withResponse();
      const remaining = Number(response.headers.get("x-ratelimit-remaining-tokens"));
      return remaining > 9_000 ? remaining : null;
    });
    expect(left).toBeLessThan(10_000);
  });

  test("of calls under way lets the next one in when one has ended", async ({ expect }) => {
    const spender = await newSpender(system);
    const client = clientAt(system, "us-west", await spender.newKey());
    await spender.rateLimit({ name: "Two at once", measure: "concurrent", limit: 2 });
    const underWay = [1, 2].map(async () => await client.chat.completions.create(asking("hold", 1)));
    await until("two to be under way", 10_000, () => (spending.held() === 2 ? true : null));
    const refused = await refusalOf(client.chat.completions.create(asking("answer", 1)));
    expect(refused).toMatchObject({ status: 429, code: "rate_limit_exceeded" });
    expect(refused.headers.get("retry-after")).toBe("1");
    spending.release();
    await Promise.all(underWay);
    await until("a slot to be free", 10_000, async () => await client.chat.completions.create(asking("answer", 1)));
  });
});

describe("a budget", () => {
  test("that holds in one region alone leaves calls of the others alone", async ({ expect }) => {
    const spender = await newSpender(system);
    const key = await spender.newKey();
    await spender.budget({ name: "Ireland", amount: { totalNanoUsd: dollar, perRegionNanoUsd: { "eu-west": 20_000_000 } } });
    const inIreland = clientAt(system, "eu-west", key);
    await inIreland.chat.completions.create(asking("answer", 1_000));
    expect(await refusalOf(inIreland.chat.completions.create(asking("answer", 1_500)))).toMatchObject({
      status: 429,
      name: "RateLimitError",
      code: "budget_exceeded",
    });
    await clientAt(system, "us-east", key).chat.completions.create(asking("answer", 1_500));
  });

  test("tells callers of each API in that API's words", async ({ expect }) => {
    const spender = await newSpender(system);
    const key = await spender.newKey();
    await spender.budget({ amount: { totalNanoUsd: 1 } });
    const response = await fetch(`${system.local.url}/v1/messages`, {
      method: "POST",
      headers: { "x-api-key": key, "content-type": "application/json" },
      body: JSON.stringify({ model: "openai/gpt-4o", max_tokens: 100, messages: [{ role: "user", content: "answer 1" }] }),
    });
    expect(response.status).toBe(429);
    expect(await response.json()).toMatchObject({ type: "error", error: { type: "rate_limit_error" } });
  });

  test.for([
    ["a plain answer", "answer", {}, costOf(100)],
    ["a stream", "stream", { stream: true }, costOf(100)],
    ["a provider that refuses", "refuse", {}, 0],
  ] as const)("settles %s at what it cost", async ([, act, fields, cost], { expect }) => {
    const spender = await newSpender(system);
    const { limitId } = await spender.budget({ amount: { totalNanoUsd: dollar } });
    const client = clientAt(system, "us-east", await spender.newKey());
    const answer = await client.chat.completions
      .create({ ...asking(act, 100, { max_tokens: 500 }), ...fields })
      .asResponse()
      .catch(() => null);
    await answer?.text();
    const state = await until("it to be settled", 10_000, async () => {
      const standing = await spender.state(limitId);
      return standing.reservedNanoUsd === 0 ? standing : null;
    });
    expect(state.spentNanoUsd).toBe(cost);
  });

  test.for([
    ["an answer that is cut", "cut", {}],
    ["a stream that is cut", "stream-cut", { stream: true }],
  ] as const)("counts %s as all that it may have cost", async ([, act, fields], { expect }) => {
    const spender = await newSpender(system);
    const { limitId } = await spender.budget({ amount: { totalNanoUsd: dollar } });
    const client = clientAt(system, "us-east", await spender.newKey());
    await client.chat.completions
      .create({ ...asking(act, 100, { max_tokens: 500 }), ...fields })
      .asResponse()
      .then(async (response) => await response.text())
      .catch(() => null);
    const { spentNanoUsd, reservedNanoUsd } = await spender.state(limitId);
    expect(spentNanoUsd + reservedNanoUsd).toBeGreaterThan(costOf(500));
    await until("it to be settled", 10_000, async () => ((await spender.state(limitId)).reservedNanoUsd === 0 ? true : null));
    expect((await spender.state(limitId)).spentNanoUsd).toBe(spentNanoUsd + reservedNanoUsd);
  });

  test("counts a stream that stops in its middle as all that it may have cost, whatever its beginning says", async ({ expect }) => {
    const spender = await newSpender(system);
    const { limitId } = await spender.budget({ amount: { totalNanoUsd: dollar } });
    const client = clientAt(system, "us-east", await spender.newKey());
    const body = { ...asking("claude-begins", 500), model: "anthropic/claude-sonnet-4-5", stream: true } as const;
    const response = await client.chat.completions.create(body, { headers: { "x-evalforge-idle-timeout-ms": "500" } }).asResponse();
    expect(await response.text()).toContain("Hello");
    const state = await until("it to be settled", 10_000, async () => {
      const standing = await spender.state(limitId);
      return standing.reservedNanoUsd === 0 && standing.spentNanoUsd > 0 ? standing : null;
    });
    expect(state.spentNanoUsd).toBeGreaterThan(500 * 15_000);
  });

  test("holds nothing for an attempt that failed while the next one is waited for", async ({ expect }) => {
    const spender = await newSpender(system);
    const { limitId } = await spender.budget({ amount: { totalNanoUsd: dollar } });
    const client = clientAt(system, "us-east", await spender.newKey());
    const before = provider.requests.length;
    const retrying = { headers: { "x-evalforge-retries": "1" } };
    const refused = refusalOf(client.chat.completions.create(asking("refuse-for-now", 100), retrying));
    await until("the first attempt", 5_000, () => (provider.requests.length > before ? true : null));
    await until("it to be settled", 2_500, async () => ((await spender.state(limitId)).reservedNanoUsd === 0 ? true : null));
    expect(provider.requests.length - before).toBe(1);
    expect((await refused).status).toBe(503);
  });

  test("that is far from its end is spent by calls that ask nobody, and is counted to the nano-dollar", async ({ expect }) => {
    const spender = await newSpender(system, { record: "normal" });
    const { limitId } = await spender.budget({ amount: { totalNanoUsd: 1_000_000 * dollar } });
    const client = clientAt(system, "us-east", await spender.newKey());
    const calls = 320;
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        for (let call = 0; call < calls / 16; call += 1) await client.chat.completions.create(asking("answer", 100));
      }),
    );
    const state = await until("all to be settled", 10_000, async () => {
      const standing = await spender.state(limitId);
      return standing.spentNanoUsd === calls * costOf(100) ? standing : null;
    });
    expect(state.reservedNanoUsd).toBe(0);
    const pocketed = await until("every call's span", 30_000, async () => {
      const [row] = await askClickhouse(system, {
        query: `SELECT count() AS calls, countIf(startsWith(splitByChar(':', hold_ids[1])[2], 'p')) AS pocketed FROM spans FINAL
                WHERE project_id = '${spender.projectId}'`,
        row: z.object({ calls: z.coerce.number(), pocketed: z.coerce.number() }),
      });
      return row?.calls === calls ? row.pocketed : null;
    });
    expect(pocketed).toBeGreaterThan(calls / 3);
  });

  test("that clamps writes what fits into the request, and says so", async ({ expect }) => {
    const spender = await newSpender(system);
    const { limitId } = await spender.budget({ amount: { totalNanoUsd: 10_000_000 }, whenTooLarge: "clamp" });
    const client = clientAt(system, "us-east", await spender.newKey());
    const { data, response } = await client.chat.completions.create(asking("answer", 5_000)).withResponse();
    const clamped = Number(response.headers.get("x-evalforge-max-tokens-clamped"));
    expect(clamped).toBeGreaterThan(500);
    expect([spending.caps.at(-1), data.usage?.completion_tokens]).toEqual([clamped, clamped]);
    await until("it to be settled", 10_000, async () => ((await spender.state(limitId)).reservedNanoUsd === 0 ? true : null));
    expect((await spender.state(limitId)).spentNanoUsd).toBe(costOf(clamped));
    const params = { projectId: spender.projectId, traceId: response.headers.get("x-evalforge-trace-id") };
    const span = await until("its span", 20_000, async () => (await control(system, getTrace, { params })).spans[0] ?? null);
    expect([span.holdIds.length, span.upstreamRequest?.changedFields["max_tokens"]]).toEqual([1, String(clamped)]);
  });

  describe("whose streams reserve in blocks", () => {
    const textOf = async (response: Response): Promise<string> => await response.text();
    const contentOf = (text: string): number => text.split('" yes"').length - 1;

    test("lets answers begin that would not fit whole, and counts each at what it cost", async ({ expect }) => {
      const spender = await newSpender(system);
      // Each may cost $0.16 at most: two would not fit.
      const { limitId } = await spender.budget({ amount: { totalNanoUsd: 300_000_000 }, streams: "blocks" });
      const client = clientAt(system, "us-east", await spender.newKey());
      const before = spending.billedNanoUsd();
      const texts = await Promise.all(
        Array.from({ length: 4 }, async () => {
          const body = asking("write", 1_000, { max_tokens: 16_000, stream: true });
          return await textOf(await client.chat.completions.create(body).asResponse());
        }),
      );
      expect(texts.map((text) => [contentOf(text), text.endsWith("data: [DONE]\n\n"), text.includes('"length"')])).toEqual(
        Array.from({ length: 4 }, () => [999, true, false]),
      );
      const spent = spending.billedNanoUsd() - before;
      const state = await until("all to be settled", 10_000, async () => {
        const standing = await spender.state(limitId);
        return standing.reservedNanoUsd === 0 ? standing : null;
      });
      expect([state.spentNanoUsd, spent]).toEqual([4 * costOf(1_000), 4 * costOf(1_000)]);
    });

    test("cuts an answer as its own cap would where nothing is left, says so in the record, and is not overrun", async ({ expect }) => {
      const spender = await newSpender(system);
      const limit = 60_000_000;
      const { limitId } = await spender.budget({ name: "Small", amount: { totalNanoUsd: limit }, streams: "blocks" });
      const client = clientAt(system, "us-east", await spender.newKey());
      const before = spending.billedNanoUsd();
      const abandoned = provider.abandoned();
      const body = asking("write", 16_000, { max_tokens: 16_000, stream: true });
      const response = await client.chat.completions.create(body).asResponse();
      const text = await textOf(response);
      expect([text.includes('"finish_reason":"length"'), text.endsWith("data: [DONE]\n\n"), contentOf(text) > 500]).toEqual([
        true,
        true,
        true,
      ]);
      expect(text).toContain('x-evalforge-cut The budget "Small" has nothing left');
      await until("the provider to be let go", 10_000, () => (provider.abandoned() > abandoned ? true : null));
      const state = await until("it to be settled", 10_000, async () => {
        const standing = await spender.state(limitId);
        return standing.reservedNanoUsd === 0 ? standing : null;
      });
      const billed = spending.billedNanoUsd() - before;
      expect(state.spentNanoUsd).toBeLessThanOrEqual(limit);
      expect(billed).toBeLessThanOrEqual(state.spentNanoUsd);
      const params = { projectId: spender.projectId, traceId: response.headers.get("x-evalforge-trace-id") };
      const span = await until("its span", 20_000, async () => (await control(system, getTrace, { params })).spans[0] ?? null);
      expect(span).toMatchObject({ status: "error", error: { code: "budget_exceeded" } });
      expect(span.error?.message).toContain('"Small"');
      expect(span.holdIds.length).toBeGreaterThan(1);
    });

    test.for([
      ["messages", "/v1/messages", { messages: [{ role: "user", content: "write 16000" }] }, '"stop_reason":"max_tokens"', "message_stop"],
      ["responses", "/v1/responses", { input: "write 16000" }, '"reason":"max_output_tokens"', "response.incomplete"],
    ] as const)("cuts in the words of each API: %s", async ([shape, path, fields, reason, last], { expect }) => {
      const spender = await newSpender(system);
      await spender.budget({ amount: { totalNanoUsd: 60_000_000 }, streams: "blocks" });
      const cap = shape === "messages" ? { max_tokens: 16_000 } : { max_output_tokens: 16_000 };
      const response = await fetch(`${system.local.url}${path}`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${await spender.newKey()}`,
          "content-type": "application/json",
          "x-evalforge-upstream-api": "chat",
        },
        body: JSON.stringify({ model: "openai/gpt-4o", stream: true, ...cap, ...fields }),
      });
      const text = await textOf(response);
      expect([text.includes(reason), text.includes(`event: ${last}`), text.includes("event: error")]).toEqual([true, true, false]);
    });
  });

  test("is refused within the call's own time while its root does not answer, and what is in hand is spent", async ({ expect }) => {
    const spender = await newSpender(system, { record: "normal" });
    const key = await spender.newKey();
    await spender.budget({ name: "Far away", amount: { totalNanoUsd: dollar } });
    const near = clientAt(system, "us-east", key);
    const small = { max_tokens: 100 };
    // Rights are asked for ahead, beside the calls: after a few there are some for a further call.
    for (let call = 0; call < 5; call += 1) await near.chat.completions.create(asking("answer", 100, small));
    const outcomes = await whileStopped(system, ["workerd of the objects"], async () => {
      const startedAtMs = Date.now();
      const far = clientAt(system, "eu-west", key);
      const refused = await refusalOf(
        far.chat.completions.create(asking("answer", 1), { headers: { "x-evalforge-total-timeout-ms": "1500" } }),
      );
      const waitedMs = Date.now() - startedAtMs;
      await near.chat.completions.create(asking("answer", 1, small));
      return { refused, waitedMs };
    });
    expect(outcomes.refused).toMatchObject({ status: 503, code: "limits_unavailable" });
    expect(outcomes.refused.message).toContain('The limit "Far away" cannot be checked at the moment.');
    expect(outcomes.waitedMs).toBeLessThan(3_000);
    await until("the root to answer again", 20_000, async () => {
      const answer = clientAt(system, "eu-west", key).chat.completions.create(asking("answer", 1));
      return await answer.then(
        () => true,
        () => null,
      );
    });
  });

  test("that is soft lets calls go on, and counts them", async ({ expect }) => {
    const spender = await newSpender(system);
    const { limitId } = await spender.budget({ amount: { totalNanoUsd: 1_000_000 }, enforcement: "soft" });
    const client = clientAt(system, "us-east", await spender.newKey());
    await client.chat.completions.create(asking("answer", 1_000));
    await client.chat.completions.create(asking("answer", 1_000));
    const state = await until("both to be counted", 10_000, async () => {
      const standing = await spender.state(limitId);
      return standing.spentNanoUsd === 2 * costOf(1_000) ? standing : null;
    });
    expect(state.leftNanoUsd).toBe(1_000_000 - 2 * costOf(1_000));
  });

  test("refuses a call of which nobody knows the most that it can cost, unless it lets such calls pass", async ({ expect }) => {
    const spender = await newSpender(system);
    await spender.budget({ name: "Known", subject: { kind: "project", id: null }, amount: { totalNanoUsd: dollar } });
    const client = clientAt(system, "us-east", await spender.newKey());
    const unpriced = { model: "openai/a-model-of-tomorrow" };
    const refused = await refusalOf(client.chat.completions.create(asking("answer", 10, unpriced)));
    expect(refused).toMatchObject({ status: 400, code: "call_unbounded" });
    expect(refused.message).toContain('The budget "Known" refuses calls of which nobody knows the most that they can cost');
    const passing = await newSpender(system);
    await passing.budget({ amount: { totalNanoUsd: 1 }, whenUnpriced: "pass" });
    await clientAt(system, "us-east", await passing.newKey()).chat.completions.create(asking("answer", 10, unpriced));
  });

  test("that is lowered is kept to within five seconds in a region that had drawn more", async ({ expect }) => {
    const spender = await newSpender(system);
    const setting = { name: "Lowered", subject: { kind: "organization" }, window: { kind: "never" } };
    const { limitId } = await spender.budget({ ...setting, amount: { totalNanoUsd: dollar } });
    const client = clientAt(system, "us-west", await spender.newKey());
    await client.chat.completions.create(asking("answer", 1_000));
    const loweredAtMs = Date.now();
    await control(system, putBudget, {
      params: { organizationId: spender.organizationId, limitId },
      body: { ...setting, amount: { totalNanoUsd: costOf(1_000) } },
    });
    const code = await until("it to be refused", 5_000, async () => {
      const outcome = await client.chat.completions.create(asking("answer", 1)).then(
        () => null,
        (error: unknown) => error,
      );
      return outcome instanceof OpenAI.RateLimitError ? outcome.code : null;
    });
    expect([code, Date.now() - loweredAtMs < 5_000]).toEqual(["budget_exceeded", true]);
  });

  test("counts each key, team and end user by itself where it is set for each", async ({ expect }) => {
    const spender = await newSpender(system);
    await spender.budget({ subject: { kind: "user", id: null }, amount: { totalNanoUsd: 15_000_000 } });
    await spender.budget({ subject: { kind: "team", id: "search" }, amount: { totalNanoUsd: 1 } });
    const client = clientAt(system, "us-east", await spender.newKey());
    const askAs = async (user: string) => await client.chat.completions.create(asking("answer", 1_000, { user }));
    await askAs("ann");
    await askAs("bob");
    const refused = await refusalOf(askAs("ann"));
    expect(refused.message).toContain("counted for ann");
    const ofSearch = clientAt(system, "us-east", await spender.newKey({ team: "search" }));
    expect((await refusalOf(ofSearch.chat.completions.create(asking("answer", 1)))).message).toContain("counted for search");
  });
});
