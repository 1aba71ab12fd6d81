import { afterAll, beforeAll, describe, test } from "vitest";
import { createKey } from "#core/contracts/api/keys.ts";
import { answering, byApi, failingStream, inTurn, refusing } from "./harness/behaviours.ts";
import { Calls, send, sendRaw, type SentCall } from "./harness/calls.ts";
import { control, recordOf } from "./harness/control-api.ts";
import { errorOf, lastEventOf } from "./harness/errors.ts";
import { beginThen } from "./harness/faults.ts";
import { startProvider, type Behaviour, type Provider } from "./harness/provider.ts";
import { startSystem, type RunningSystem } from "./harness/running-system.ts";
import { until } from "./harness/until.ts";
import { wires, type Api } from "./harness/fault-wire.ts";

let provider: Provider;
let system: RunningSystem;
let calls: Calls;

beforeAll(async () => {
  provider = await startProvider();
  calls = new Calls(provider);
  system = await startSystem({
    OPENAI_BASE_URL: provider.baseUrl,
    OPENAI_API_KEY: "sk-openai",
    ANTHROPIC_BASE_URL: provider.baseUrl,
    ANTHROPIC_API_KEY: "sk-anthropic",
  });
});
afterAll(async () => {
  await system?.remove();
  await provider?.close();
});

const gpt = "openai/gpt-4o";
const claude = "anthropic/claude-sonnet-4-5";
const both = { "x-evalforge-route": `${gpt}, ${claude}` } as const;

function sent(api: Api, fields: Readonly<Record<string, unknown>>, headers: SentCall["headers"] = {}): SentCall {
  return { api, key: system.local.apiKey, fields: { model: gpt, ...fields }, headers };
}

/** Tokens and cost of the whole answers in `wires`. */
const paid = { claude: 60 * 3_000 + 40 * 300 + 50 * 15_000, gpt: 60 * 2_500 + 40 * 1_250 + 50 * 10_000 } as const;
const usage = { inputTokens: 60, inputCachedTokens: 40 } as const;
const chatPath = wires.chat.path;
const messagesPath = wires.messages.path;

describe("a route falls back to another provider, and its API", () => {
  const broken: readonly (readonly [string, boolean, Behaviour, number | null])[] = [
    ["answers 500", false, refusing("chat", 500), 500],
    ["answers 429", true, refusing("chat", 429), 429],
    ["refuses the gateway's credential", false, refusing("chat", 401), 401],
    ["knows no such model", true, refusing("chat", 404), 404],
    ["is reset", true, (response) => void response.socket?.resetAndDestroy(), null],
    ["begins its stream with an error", true, failingStream("chat"), 200],
    ["is silent past the first-token timer", true, () => undefined, null],
  ];

  test.concurrent.for(broken.flatMap((one) => (["chat", "messages"] as const).map((api) => [api, ...one] as const)))(
    "%s: where the first one %s",
    async ([api, , stream, act, upstreamStatus], { expect }) => {
      const planned = calls.plan(byApi({ chat: act, messages: answering("messages") }));
      const answer = await send(system, planned, sent(api, { stream }, { ...both, "x-evalforge-first-token-timeout-ms": "1500" }));
      expect([answer.status, answer.headers.get("x-evalforge-attempts"), answer.headers.get("x-evalforge-provider")]).toEqual([
        200,
        "2",
        "anthropic",
      ]);
      expect(answer.text).toContain("there.");
      if (stream) expect(answer.text).toMatch(wires[api].endMark);
      expect(planned.asked).toEqual([chatPath, messagesPath]);
      const { call, attempts } = await recordOf(system, planned.traceId, 3);
      expect(call).toMatchObject({
        kind: "generation",
        status: "ok",
        error: null,
        httpStatus: 200,
        provider: "anthropic",
        modelRequested: gpt,
        modelServed: "claude-sonnet-4-5-20250929",
        usage,
        cost: { totalNanoUsd: paid.claude },
        upstreamRequest: { url: provider.baseUrl + "/messages" },
      });
      const ofAttempt = {
        kind: "span",
        parentSpanId: call.spanId,
        usage: null,
        cost: null,
        input: { kind: "omitted" },
        output: { kind: "omitted" },
      };
      expect(attempts).toMatchObject([
        { ...ofAttempt, name: `attempt 1: ${gpt}`, status: "error", provider: "openai", error: { upstreamStatus } },
        { ...ofAttempt, name: `attempt 2: ${claude}`, status: "ok", provider: "anthropic", error: null },
      ]);
      expect(call.startedAtMs).toBeLessThanOrEqual(attempts[0]?.startedAtMs ?? 0);
      expect(attempts[0]?.endedAtMs).toBeLessThanOrEqual(attempts[1]?.startedAtMs ?? 0);
    },
  );

  test.concurrent("not after the first byte", async ({ expect }) => {
    const planned = calls.plan(
      byApi({ chat: (response) => beginThen(response, "chat", () => response.end()), messages: answering("messages") }),
    );
    const { status, text } = await send(system, planned, sent("messages", { stream: true }, { ...both, "x-evalforge-retries": "2" }));
    expect([status, lastEventOf("messages", text).message]).toEqual([200, "The provider ended its answer before it was whole."]);
    expect(planned.asked).toEqual([chatPath]);
    const { call, attempts } = await recordOf(system, planned.traceId, 1);
    expect([call.status, call.error?.code, attempts]).toEqual(["error", "upstream_cut", []]);
  });

  test.concurrent.for([400, 413, 422])("not after a %i, which is the request's own fault", async (status, { expect }) => {
    const planned = calls.plan(byApi({ chat: refusing("chat", status), messages: answering("messages") }));
    const answer = await send(system, planned, sent("messages", {}, { ...both, "x-evalforge-retries": "2" }));
    expect([answer.status, errorOf("messages", JSON.parse(answer.text)).message]).toEqual([status, `refused with ${status}`]);
    expect([planned.asked, answer.headers.get("x-evalforge-attempts")]).toEqual([[chatPath], null]);
  });

  test.concurrent("where all fail, the last failure is told, and every attempt is on record", async ({ expect }) => {
    const planned = calls.plan(byApi({ chat: refusing("chat", 503), messages: refusing("messages", 529) }));
    const answer = await send(system, planned, sent("chat", {}, both));
    expect([answer.status, errorOf("chat", JSON.parse(answer.text)).message, answer.headers.get("x-evalforge-attempts")]).toEqual([
      529,
      "refused with 529",
      "2",
    ]);
    const { call, attempts } = await recordOf(system, planned.traceId, 3);
    expect(call).toMatchObject({ status: "error", httpStatus: 529, error: { upstreamStatus: 529 }, usage: null, cost: null });
    expect(attempts).toMatchObject([{ error: { upstreamStatus: 503 } }, { error: { upstreamStatus: 529 } }]);
  });

  test.concurrent("a target that cannot say the request is passed over", async ({ expect }) => {
    const planned = calls.plan(byApi({ messages: answering("messages"), chat: answering("chat") }));
    const fields = { top_k: 5, model: claude };
    const route = { "x-evalforge-route": `${gpt}, ${claude}`, "x-evalforge-retries": "2" };
    const answer = await send(system, planned, sent("messages", fields, route));
    expect([answer.status, answer.headers.get("x-evalforge-provider"), answer.headers.get("x-evalforge-attempts")]).toEqual([
      200,
      "anthropic",
      null,
    ]);
    expect(planned.asked).toEqual([messagesPath]);
    const { call, attempts } = await recordOf(system, planned.traceId, 1);
    expect([call.status, attempts]).toEqual(["ok", []]);
  });

  test.concurrent("a key's own route holds for its calls, and the header goes before it", async ({ expect }) => {
    const { key } = await control(system, createKey, { body: { name: "routed", route: [gpt, claude] } });
    const planned = calls.plan(byApi({ chat: refusing("chat", 500), messages: answering("messages") }));
    const own = await send(system, planned, { ...sent("chat", { model: "mistral-small-latest" }), key });
    expect([own.status, own.headers.get("x-evalforge-provider"), planned.asked]).toEqual([200, "anthropic", [chatPath, messagesPath]]);
    const other = calls.plan(byApi({ chat: refusing("chat", 500), messages: answering("messages") }));
    const headed = await send(system, other, { ...sent("chat", {}, { "x-evalforge-route": claude }), key });
    expect([headed.status, other.asked]).toEqual([200, [messagesPath]]);
  });
});

describe("retries", () => {
  test.concurrent.for([
    ["retry-after-ms", "700", 700],
    ["retry-after", "1", 1_000],
  ] as const)("wait as long as the provider asks by %s", async ([name, value, waitMs], { expect }) => {
    const atMs: number[] = [];
    const at =
      (behaviour: Behaviour): Behaviour =>
      async (response, request) => {
        atMs.push(performance.now());
        await behaviour(response, request);
      };
    const planned = calls.plan(inTurn(at(refusing("messages", 429, { [name]: value })), at(answering("messages"))));
    const answer = await send(system, planned, sent("chat", { model: claude }, { "x-evalforge-retries": "1" }));
    expect([answer.status, answer.headers.get("x-evalforge-attempts"), planned.asked]).toEqual([200, "2", [messagesPath, messagesPath]]);
    expect((atMs[1] ?? 0) - (atMs[0] ?? 0)).toBeGreaterThanOrEqual(waitMs - 5);
    const { call, attempts } = await recordOf(system, planned.traceId, 3);
    expect(call).toMatchObject({ status: "ok", usage, cost: { totalNanoUsd: paid.claude } });
    const [refused, answered] = attempts;
    // An attempt ends with its answer; the wait after it is no part of it.
    expect((answered?.startedAtMs ?? 0) - (refused?.endedAtMs ?? 0)).toBeGreaterThanOrEqual(waitMs - 50);
  });

  test.concurrent("are as many as asked for, of each target", async ({ expect }) => {
    const once = { "retry-after-ms": "1" };
    const planned = calls.plan(byApi({ chat: refusing("chat", 500, once), messages: refusing("messages", 500, once) }));
    const answer = await send(system, planned, sent("chat", {}, { ...both, "x-evalforge-retries": "1" }));
    expect([answer.status, answer.headers.get("x-evalforge-attempts")]).toEqual([500, "4"]);
    expect(planned.asked).toEqual([chatPath, chatPath, messagesPath, messagesPath]);
    const { attempts } = await recordOf(system, planned.traceId, 5);
    expect(attempts.map(({ name }) => name)).toEqual([
      `attempt 1: ${gpt}`,
      `attempt 2: ${gpt}`,
      `attempt 3: ${claude}`,
      `attempt 4: ${claude}`,
    ]);
  });

  test.concurrent("are not waited for past the total timer: the failure is told at once", async ({ expect }) => {
    const planned = calls.plan(refusing("chat", 429, { "retry-after": "15" }));
    const startedAtMs = performance.now();
    const answer = await send(system, planned, sent("chat", {}, { "x-evalforge-retries": "1", "x-evalforge-total-timeout-ms": "3000" }));
    expect([answer.status, answer.headers.get("retry-after"), planned.asked]).toEqual([429, "15", [chatPath]]);
    expect(performance.now() - startedAtMs).toBeLessThan(10_000);
  });

  test.concurrent("the total timer bounds all attempts, and nothing is asked after it", async ({ expect }) => {
    const planned = calls.plan(() => undefined);
    const answer = await send(
      system,
      planned,
      sent("chat", {}, { ...both, "x-evalforge-retries": "5", "x-evalforge-total-timeout-ms": "1500" }),
    );
    expect([answer.status, errorOf("chat", JSON.parse(answer.text)).message, planned.asked]).toEqual([
      504,
      "The provider's answer took longer than a call may.",
      [chatPath],
    ]);
  });

  test.concurrent("a client that leaves during a wait ends it", async ({ expect }) => {
    const planned = calls.plan(refusing("chat", 429, { "retry-after": "18" }));
    const { socket } = sendRaw(system, sent("chat", {}, { "x-evalforge-retries": "1" }), planned);
    await until("the first attempt", 20_000, () => (planned.ended() === 1 ? true : null));
    const leftAtMs = Date.now();
    socket.resetAndDestroy();
    const { call, attempts } = await recordOf(system, planned.traceId, 2);
    expect(call).toMatchObject({ status: "cancelled", httpStatus: 499, error: { code: "client_closed" } });
    expect(attempts).toMatchObject([{ name: `attempt 1: ${gpt}`, status: "error", error: { upstreamStatus: 429 } }]);
    expect(call.endedAtMs - leftAtMs).toBeLessThan(10_000);
    expect(planned.asked).toEqual([chatPath]);
  });
});

test.concurrent.for(
  [
    ["x-evalforge-route", ""],
    ["x-evalforge-route", Array.from({ length: 9 }, () => gpt).join(",")],
    ["x-evalforge-retries", "6"],
    ["x-evalforge-retries", "-1"],
    ["x-evalforge-retries", "two"],
    ["x-evalforge-unsupported", "ignore"],
    ["x-evalforge-upstream-api", "completions"],
    ["x-evalforge-total-timeout-ms", "0"],
  ].flatMap(([name = "", value = ""]) => (["chat", "messages", "responses"] as const).map((api) => [name, value, api] as const)),
)("%s: %s is refused by its name (%s)", async ([name, value, api], { expect }) => {
  const planned = calls.plan(answering("chat"));
  const answer = await send(system, planned, sent(api, {}, { [name]: value }));
  const error = errorOf(api, JSON.parse(answer.text));
  expect([answer.status, planned.asked]).toEqual([400, []]);
  expect(error.message).toContain(`\`${name}\``);
  if (api !== "messages") expect(error.param).toBe(name);
});

/** Longer than a departure takes to be heard of. */
const hearsWithinMs = 8_000;

describe("a client that leaves in the middle of a stream", () => {
  test.concurrent.for(
    (["drain", "cancel"] as const).flatMap((onDisconnect) =>
      (
        [
          ["chat", "messages"],
          ["messages", "chat"],
          ["messages", "messages"],
          ["responses", "messages"],
        ] as const
      ).map(([api, upstream]) => ({ onDisconnect, api, upstream })),
    ),
  )("$onDisconnect, $api → $upstream", async ({ onDisconnect, api, upstream }, { expect }) => {
    const { key } = await control(system, createKey, { body: { name: onDisconnect, onDisconnect } });
    let finish = (): void => undefined;
    const planned = calls.plan((response) => {
      beginThen(response, upstream, () => undefined);
      finish = () => void response.end(wires[upstream].rest);
    });
    const model = upstream === "chat" ? gpt : claude;
    const { socket, received } = sendRaw(system, { ...sent(api, { model, stream: true }), key }, planned);
    await until("the first words", 20_000, () => (received().includes("Hello ") ? true : null));
    socket.resetAndDestroy();
    const error = { code: "client_closed", upstreamStatus: 200 };
    if (onDisconnect === "cancel") {
      await until("the provider to be let go", 30_000, () => (planned.abandoned() === 1 ? true : null));
      const { call } = await recordOf(system, planned.traceId, 1);
      expect(call).toMatchObject({ status: "cancelled", httpStatus: 499, error, finishReason: null });
      return;
    }
    setTimeout(finish, hearsWithinMs);
    await until("the provider's end", 30_000, () => (planned.ended() === 1 ? true : null));
    expect(planned.abandoned()).toBe(0);
    const { call } = await recordOf(system, planned.traceId, 1);
    expect(call).toMatchObject({
      status: "cancelled",
      httpStatus: 499,
      error,
      finishReason: { unified: "stop" },
      usage: { ...usage, ...(upstream === "chat" ? { outputTokens: 30, reasoningTokens: 20 } : { outputTokens: 50 }) },
      cost: { totalNanoUsd: upstream === "chat" ? paid.gpt : paid.claude },
    });
    expect(call.output.kind === "inline" ? call.output.text : "").toContain("Hello there.");
  });

  test.concurrent("drain, where nothing but the end mark was left", async ({ expect }) => {
    const { key } = await control(system, createKey, { body: { name: "drain", onDisconnect: "drain" } });
    const [words = ""] = wires.chat.rest.split("data: [DONE]");
    let finish = (): void => undefined;
    const planned = calls.plan((response) => {
      beginThen(response, "chat", () => response.write(words));
      finish = () => void response.end("data: [DONE]\n\n");
    });
    const { socket, received } = sendRaw(system, { ...sent("chat", { stream: true }), key }, planned);
    await until("the last words", 20_000, () => (received().includes("there.") ? true : null));
    socket.resetAndDestroy();
    setTimeout(finish, hearsWithinMs);
    const { call } = await recordOf(system, planned.traceId, 1);
    expect(call).toMatchObject({ status: "cancelled", error: { code: "client_closed" }, cost: { totalNanoUsd: paid.gpt } });
  });
});
