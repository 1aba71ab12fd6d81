import Anthropic from "@anthropic-ai/sdk";
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, test } from "vitest";
import { spanOf } from "./harness/control-api.ts";
import { startSystem, type RunningSystem } from "./harness/running-system.ts";
import { apis, makers } from "./harness/upstreams.ts";

let system: RunningSystem;

/** With no provider's key at all. */
beforeAll(async () => {
  system = await startSystem();
});
afterAll(async () => {
  await system?.remove();
});

const models = { chat: "openai/gpt-4o-mini", responses: "openai/gpt-4o-mini", messages: "anthropic/claude-sonnet-4-5" } as const;

describe.for(apis)("without a provider's key the client of %s is answered by the simulator", { concurrent: true }, (client) => {
  test.for([
    ["plain", "openai/gpt-4o-mini"],
    ["events", "openai/gpt-4o-mini"],
    ["gathered", "openai/gpt-4o-mini"],
    ["plain", "anthropic/claude-sonnet-4-5"],
    ["events", "anthropic/claude-sonnet-4-5"],
    ["gathered", "anthropic/claude-sonnet-4-5"],
  ] as const)("%s, as %s, and the span says so", async ([way, model], { expect }) => {
    const traceId = randomBytes(16).toString("hex");
    const { [way]: call } = makers[client]({ url: system.local.url, apiKey: system.local.apiKey });
    const told = await call({ model, text: "Say hello.", headers: { "x-evalforge-trace-id": traceId } });
    expect(told.text).toContain("Say hello.");
    expect(await spanOf(system, traceId)).toMatchObject({
      status: "ok",
      api: client,
      provider: model.split("/")[0],
      modelRequested: model,
      simulated: true,
      streamed: way !== "plain",
      finishReason: { unified: "stop" },
    });
  });
});

const messages = [{ role: "user", content: "Hi" }];
const paths = [
  ["/v1/chat/completions", { model: models.chat, messages }, "openai"],
  ["/v1/responses", { model: models.responses, input: "Hi" }, "openai"],
  ["/v1/messages", { model: models.messages, max_tokens: 64, messages }, "anthropic"],
  ["/v1/embeddings", { model: "openai/text-embedding-3-small", input: "Hi" }, "openai"],
] as const;

/** An error as the clients of each provider read it. */
const shapes = {
  openai: (message: string, type: string, code: string) => ({ error: { message, type, param: null, code } }),
  anthropic: (message: string, type: string) => ({ type: "error", error: { type, message } }),
} as const;
const keyHeaders = ["authorization", "x-api-key", "x-goog-api-key", "api-key"] as const;

describe.for(paths)("%s", { concurrent: true }, ([path, body, shape]) => {
  const send = async (headers: Readonly<Record<string, string>>, request: RequestInit = { method: "POST", body: JSON.stringify(body) }) => {
    const response = await fetch(`${system.local.url}${path}`, { ...request, headers });
    const answer: unknown = await response.json();
    return [response.status, answer] as const;
  };
  const inHeader = (name: string, key: string) => ({ [name]: name === "authorization" ? `Bearer ${key}` : key });

  test.for(keyHeaders)("takes the virtual key in `%s`", async (name, { expect }) => {
    const [status] = await send(inHeader(name, system.local.apiKey));
    expect(status).toBe(200);
  });

  test.for(keyHeaders)("refuses a wrong key in `%s` in the shape of its API", async (name, { expect }) => {
    const refusal = shapes[shape]("This API key is not known.", "authentication_error", "invalid_api_key");
    expect(await send(inHeader(name, `ef_0123456789abcdef_${"x".repeat(43)}`))).toEqual([401, refusal]);
  });

  test("refuses what it cannot read in the shape of its API", async ({ expect }) => {
    const key = inHeader("authorization", system.local.apiKey);
    const notJson = shapes[shape]("The request body is not valid JSON.", "invalid_request_error", "invalid_json");
    expect(await send(key, { method: "POST", body: "{" })).toEqual([400, notJson]);
    const method = shapes[shape]("This address does not take that method.", "invalid_request_error", "method_not_allowed");
    expect(await send(key, { method: "GET" })).toEqual([405, method]);
    const missing = shapes[shape](
      "No API key was sent. Send it as `Authorization: Bearer ef_…`.",
      "authentication_error",
      "missing_api_key",
    );
    expect(await send({})).toEqual([401, missing]);
  });
});

test("Anthropic's client may send the virtual key as its bearer token", async ({ expect }) => {
  const client = new Anthropic({ baseURL: system.local.url, authToken: system.local.apiKey, apiKey: null, maxRetries: 0 });
  const message = await client.messages.create({ model: models.messages, max_tokens: 64, messages: [{ role: "user", content: "Hi" }] });
  expect(message).toMatchObject({ type: "message", role: "assistant", stop_reason: "end_turn" });
});
