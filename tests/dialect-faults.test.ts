import { afterAll, beforeAll, describe, test } from "vitest";
import { Calls, durableKey, send, sendRaw } from "./harness/calls.ts";
import { spanOf, spansOf } from "./harness/control-api.ts";
import { errorOf, lastEventOf } from "./harness/errors.ts";
import { earlyFaults } from "./harness/early-faults.ts";
import { beginThen, drip, streamFaults } from "./harness/faults.ts";
import { pairs, sentOver, type Pair } from "./harness/pairs.ts";
import { begin, json, startProvider, type Provider } from "./harness/provider.ts";
import { startSystem, type RunningSystem } from "./harness/running-system.ts";
import { until } from "./harness/until.ts";
import { wires } from "./harness/fault-wire.ts";

let provider: Provider;
let system: RunningSystem;
let calls: Calls;
let key: string;

beforeAll(async () => {
  provider = await startProvider();
  calls = new Calls(provider);
  system = await startSystem({
    OPENAI_BASE_URL: provider.baseUrl,
    OPENAI_API_KEY: "sk-openai",
    ANTHROPIC_BASE_URL: provider.baseUrl,
    ANTHROPIC_API_KEY: "sk-anthropic",
    REFUSED_BASE_URL: "http://127.0.0.1:1/v1",
  });
  key = await durableKey(system);
});
afterAll(async () => {
  await system?.remove();
  await provider?.close();
});

function over<Fault>(faults: readonly Fault[]): (Pair & { readonly fault: Fault })[] {
  return faults.flatMap((fault) => pairs.map((pair) => ({ ...pair, fault })));
}

/** A busy machine shows many calls at once later than one. */
const patiently = { withinMs: 100_000 } as const;
/** Above a byte a second, and below what half a dozen of them take. */
const timeouts = { "x-evalforge-idle-timeout-ms": "2500", "x-evalforge-total-timeout-ms": "6000" };
const tookTooLong = "The provider's answer took longer than a call may.";

describe("before the first byte a failure is a status, in the shape of the API that was called", () => {
  const cases = over(earlyFaults).flatMap((one) => one.fault.streamed.map((streamed) => ({ ...one, streamed })));
  test.concurrent.for(cases)(
    "$api → $upstream (streamed: $streamed): a provider that $fault.name",
    async ({ api, upstream, fault, streamed }, { expect }) => {
      const planned = calls.plan(fault.act(upstream));
      const answer = await send(system, planned, sentOver({ api, upstream, key }, { stream: streamed, ...fault.fields }, fault.headers));
      expect(answer.status).toBe(fault.status);
      expect(answer.headers.get("content-type")).toBe("application/json");
      expect(answer.headers.get("retry-after")).toBe(fault.retryAfter ?? null);
      const error = errorOf(api, JSON.parse(answer.text));
      expect(error.message).toEqual(fault.message ?? expect.stringMatching(/^The provider/));
      expect(planned.asked).toEqual(fault.fields === undefined ? [wires[upstream].path] : []);
      expect(await spanOf(system, planned.traceId, patiently)).toMatchObject({
        status: "error",
        streamed,
        httpStatus: fault.status,
        error: { code: fault.code, message: error.message, upstreamStatus: fault.upstreamStatus },
        usage: null,
        cost: null,
        api,
      });
      await until("the provider to be let go", 30_000, () => (planned.ended() === planned.asked.length ? true : null));
    },
  );
});

describe("a stream that is not whole ends in an error event, and never as if it were whole", () => {
  const slow = { name: "sends one byte a second", act: drip, code: "upstream_timeout", message: tookTooLong };

  test.concurrent.for(over([...streamFaults, slow]))(
    "$api → $upstream: one that $fault.name",
    async ({ api, upstream, fault }, { expect }) => {
      const planned = calls.plan((response) => {
        beginThen(response, upstream, (begun) => {
          fault.act(begun, upstream);
        });
      });
      const { status, text } = await send(system, planned, sentOver({ api, upstream, key }, { stream: true }, timeouts));
      expect(status).toBe(200);
      expect(text).toContain("Hello ");
      expect(text).not.toMatch(wires[api].endMark);
      const error = lastEventOf(api, text);
      expect(error.message).toEqual(fault.message ?? expect.stringMatching(/^The provider/));
      expect(await spansOf(system, planned.traceId, patiently)).toMatchObject([
        { status: "error", streamed: true, httpStatus: 200, error: { code: fault.code, message: error.message, upstreamStatus: 200 }, api },
      ]);
      await until("the provider to be let go", 30_000, () => (planned.ended() === 1 ? true : null));
    },
  );
});

test.concurrent.for(pairs)(
  "$api → $upstream: a plain answer of one byte a second is ended by the total timer alone",
  async (pair, { expect }) => {
    const planned = calls.plan((response) => {
      response.writeHead(200, { "content-type": "application/json" });
      drip(response);
    });
    const { status, text } = await send(system, planned, sentOver({ ...pair, key }, {}, timeouts));
    expect([status, errorOf(pair.api, JSON.parse(text)).message]).toEqual([504, tookTooLong]);
    await until("the provider to be let go", 30_000, () => (planned.abandoned() === 1 ? true : null));
    expect(await spanOf(system, planned.traceId, patiently)).toMatchObject({
      status: "error",
      error: { code: "upstream_timeout", upstreamStatus: 200 },
    });
  },
);

describe("a client that goes away", () => {
  test.concurrent.for(over(["only it", "its provider too"] as const))(
    "$api → $upstream: $fault is gone in the middle, and the call is recorded once",
    async ({ api, upstream, fault }, { expect }) => {
      let reset = (): void => undefined;
      const planned = calls.plan((response) => {
        beginThen(response, upstream, () => undefined);
        reset = () => response.socket?.resetAndDestroy();
      });
      const { socket, received } = sendRaw(system, sentOver({ api, upstream, key }, { stream: true }), planned);
      await until("the first words", 20_000, () => (received().includes("Hello ") ? true : null));
      socket.destroy();
      if (fault === "its provider too") reset();
      await until("the provider to be let go", 30_000, () => (planned.abandoned() === 1 ? true : null));
      const spans = await spansOf(system, planned.traceId, patiently);
      expect(spans).toHaveLength(1);
      const either = fault === "only it" ? ["client_closed"] : ["client_closed", "upstream_cut"];
      expect(either).toContain(spans[0]?.error?.code);
      expect(spans[0]?.status).toBe(spans[0]?.error?.code === "client_closed" ? "cancelled" : "error");
    },
  );
});

/** In pieces of a megabyte. */
const largeMegabytes = 50;
const megabyte = "0123456789abcdef".repeat(65_536);

describe("an answer of 50 MB passes, and the next call too", () => {
  test.for(pairs.flatMap((pair) => [true, false].map((stream) => ({ ...pair, stream }))))(
    "$api → $upstream (streamed: $stream)",
    async ({ api, upstream, stream }, { expect }) => {
      const wire = wires[upstream];
      const planned = calls.plan(async (response, request) => {
        if (!stream) {
          await json(200, wire.answerOf(megabyte.repeat(largeMegabytes)))(response, request);
          return;
        }
        begin(response, []);
        response.write(wire.opening);
        for (let sent = 0; sent < largeMegabytes; sent += 1) response.write(wire.words(megabyte));
        response.end(wire.rest);
      });
      const answer = await send(system, planned, sentOver({ api, upstream, key }, { stream }));
      expect(answer.status).toBe(200);
      expect(answer.text.length).toBeGreaterThan(largeMegabytes * megabyte.length);
      if (stream) expect(wires[api].endMark.test(answer.text)).toBe(true);
      expect(await spanOf(system, planned.traceId, patiently)).toMatchObject({
        status: "ok",
        streamed: stream,
        usage: { outputTokens: expect.any(Number) },
      });
      const next = calls.plan(json(200, wire.answer));
      expect((await send(system, next, sentOver({ api, upstream, key }, {}))).text).toContain("Hello there.");
    },
  );
});
