import { afterAll, beforeAll, describe, test, type ExpectStatic } from "vitest";
import { spanOf } from "./harness/control-api.ts";
import { cellsOf, expectedOf, promiseOf, titleOf, type Cell, type Verdict } from "./harness/features/cell.ts";
import { features } from "./harness/features/features.ts";
import { markdownOf } from "./harness/features/markdown.ts";
import { answerOf, send, withoutComments, type Sent } from "./harness/features/send.ts";
import { oddBytes } from "./harness/features/untouched.ts";
import { json, startProvider, type Provider } from "./harness/provider.ts";
import { startSystem, type RunningSystem } from "./harness/running-system.ts";
import { fieldsOf, type Fields } from "./harness/wire/fields.ts";
import { dialects, wires, type Dialect } from "./harness/wire/wire.ts";

let provider: Provider;
let system: RunningSystem;

beforeAll(async () => {
  provider = await startProvider();
  system = await startSystem({
    OPENAI_BASE_URL: provider.baseUrl,
    OPENAI_API_KEY: "sk-provider",
    ANTHROPIC_BASE_URL: provider.baseUrl,
    ANTHROPIC_API_KEY: "sk-provider",
  });
});
afterAll(async () => {
  await system?.remove();
  await provider?.close();
});

const verdicts = new Map<string, Verdict>();
const isRecorded = ({ feature }: Cell): boolean => feature.records !== undefined;
/** Those first whose records are waited for: no other calls' records are on their way yet. */
const cells = cellsOf(features)
  .map((cell) => [titleOf(cell), promiseOf(cell), cell] as const)
  .toSorted(([, , left], [, , right]) => Number(isRecorded(right)) - Number(isRecorded(left)));

describe("each feature is carried wholly, refused by name, or not offered", () => {
  test.for(cells)("%s: %s", async ([title, promise, cell], { expect }) => {
    if (promise === "refused by name") await isRefused(cell, expect);
    if (promise === "passed") for (const streamed of [false, true]) await isCarried(cell, streamed, expect);
    verdicts.set(title, promise);
  });

  test("docs/compatibility.md tells what was found", async ({ expect }) => {
    const markdown = markdownOf(features, (feature, caller, to) => verdicts.get(titleOf({ feature, caller, provider: to })) ?? "failed");
    await expect(markdown).toMatchFileSnapshot("../docs/compatibility.md");
  });
});

describe("between two sides of one API every byte passes", () => {
  test.for(dialects.flatMap((dialect) => [false, true].map((streamed) => ({ dialect, streamed }))))(
    "$dialect, streamed: $streamed",
    async ({ dialect, streamed }, { expect }) => {
      const { model, path, streaming } = wires[dialect];
      const { request, answer, stream } = oddBytes[dialect];
      const given = streamed ? stream : answer;
      provider.behave((response) => {
        response.writeHead(200, { "content-type": streamed ? "text/event-stream" : "application/json" }).end(given);
      });
      const rest = streamed ? JSON.stringify({ stream: true, ...streaming }).slice(1, -1) : `"stream": false`;
      const [before, after] = request;
      const body = (name: string): string => `${before}"${name}", ${rest}${after}`;
      const response = await fetch(`${system.local.url}/v1${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${system.local.apiKey}`, "content-type": "application/json" },
        body: body(model.asked),
      });
      expect(withoutComments(await response.text())).toBe(given);
      expect(provider.requests.at(-1)).toMatchObject({ path: `/v1${path}`, body: body(model.own) });
    },
  );
});

describe("tokens are counted where the provider counts them", () => {
  const fields = { system: "Be brief.", messages: [{ role: "user", content: "Hi" }] } as const;
  const count = async (upstream: Dialect) => {
    provider.behave(json(200, { input_tokens: 12 }));
    const before = provider.requests.length;
    const response = await fetch(`${system.local.url}/v1/messages/count_tokens`, {
      method: "POST",
      headers: { "x-api-key": system.local.apiKey, "content-type": "application/json", "x-evalforge-upstream-api": upstream },
      body: JSON.stringify({ model: wires[upstream].model.asked, ...fields }),
    });
    const [received] = provider.requests.slice(before);
    const asked = received === undefined ? null : { path: received.path, body: fieldsOf(JSON.parse(received.body)) };
    return { status: response.status, body: fieldsOf(await response.json()), asked };
  };

  test.for([
    ["messages", "/v1/messages/count_tokens", { model: "claude-sonnet-4-5", ...fields }],
    [
      "responses",
      "/v1/responses/input_tokens",
      { model: "gpt-4o", instructions: "Be brief.", input: [{ type: "message", role: "user", content: "Hi" }] },
    ],
  ] as const)("%s", async ([upstream, path, body], { expect }) => {
    expect(await count(upstream)).toEqual({ status: 200, body: { input_tokens: 12 }, asked: { path, body } });
  });

  test("chat completions count none, and say so", async ({ expect }) => {
    expect(await count("chat")).toMatchObject({
      status: 400,
      body: { type: "error", error: { message: expect.stringContaining("counts no tokens") } },
      asked: null,
    });
  });
});

/** The provider is asked for it, the client is told of it, and what was got is taken back. */
async function isCarried(cell: Cell, streamed: boolean, expect: ExpectStatic): Promise<void> {
  const { feature, caller, provider: to } = cell;
  const { asks, sees, answers = {}, reads = {}, records = {}, next } = feature;
  const answer = answers[to] ?? wires[to].answer;
  const sending = { caller, provider: to, streamed, answer };
  const call = await send(system, provider, { ...sending, fields: asks[caller] ?? {} });
  expect([call.status, call.status === 200 ? "" : call.text]).toEqual([200, ""]);
  expect(call.headers.get("x-evalforge-dropped")).toBeNull();
  isAskedFor(cell, call, expectedOf(sees, to, caller), expect);
  if (caller === to) expect(withoutComments(call.text)).toBe(call.given);
  const got = answerOf(caller, call.text, streamed);
  expect(got).toMatchObject(expectedOf(reads, caller, to) ?? usualAnswers[caller]);
  const recorded = records[to];
  if (recorded !== undefined) {
    expect(await spanOf(system, call.headers.get("x-evalforge-trace-id"))).toMatchObject({ status: "ok", streamed, usage: recorded });
  }
  const goOn = next?.asks[caller];
  if (next === undefined || goOn === undefined) return;
  const later = await send(system, provider, { ...sending, fields: goOn(got) });
  expect([later.status, later.status === 200 ? "" : later.text]).toEqual([200, ""]);
  isAskedFor(cell, later, expectedOf(next.sees, to, caller), expect);
}

const usualAnswers = {
  chat: { choices: [{ message: { content: "Hello there." }, finish_reason: "stop" }] },
  messages: { content: [{ type: "text", text: "Hello there." }], stop_reason: "end_turn" },
  responses: { output: [{ type: "message", content: [{ type: "output_text", text: "Hello there." }] }], status: "completed" },
} as const;

function isAskedFor({ caller, provider: to }: Cell, { sent, received }: Sent, expected: Fields | null, expect: ExpectStatic): void {
  const { path, model } = wires[to];
  expect(received?.path).toBe(`/v1${path}`);
  const body = received?.body ?? "";
  if (caller === to) expect(body).toBe(sent.replace(`"model":"${model.asked}"`, `"model":"${model.own}"`));
  else expect(fieldsOf(JSON.parse(body))).toMatchObject({ model: model.own, ...expected });
}

/** 400 that names the field and calls no provider; asked to, the call goes out without it, and says so. */
async function isRefused({ feature, caller, provider: to }: Cell, expect: ExpectStatic): Promise<void> {
  const name = feature.called?.[caller] ?? "";
  expect(name).not.toBe("");
  for (const streamed of [false, true]) {
    const sending = { caller, provider: to, streamed, answer: wires[to].answer, fields: feature.asks[caller] ?? {} };
    const refused = await send(system, provider, sending);
    expect([refused.status, refused.received]).toEqual([400, null]);
    expect(fieldsOf(fieldsOf(JSON.parse(refused.text))["error"])).toMatchObject({ message: expect.stringContaining(name) });
    if (caller !== "messages") expect(JSON.parse(refused.text)).toMatchObject({ error: { code: "unsupported_field" } });
    const dropped = await send(system, provider, { ...sending, headers: { "x-evalforge-unsupported": "drop" } });
    if (feature.isNeverDropped) {
      expect([dropped.status, dropped.received]).toEqual([400, null]);
      continue;
    }
    expect([dropped.status, dropped.status === 200 ? "" : dropped.text]).toEqual([200, ""]);
    expect(dropped.headers.get("x-evalforge-dropped")).toContain(name);
    expect(answerOf(caller, dropped.text, streamed)).toMatchObject(usualAnswers[caller]);
  }
}
