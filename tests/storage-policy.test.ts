import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, test } from "vitest";
import type * as z from "zod";
import { createKey } from "#core/contracts/api/keys.ts";
import { createProject, getProject, putPolicy } from "#core/contracts/api/projects.ts";
import { getTrace, listTraces, type StoredSpan } from "#core/contracts/api/traces.ts";
import { control } from "./harness/control-api.ts";
import { completion, json, startProvider, type Provider } from "./harness/provider.ts";
import { startSystem, type RunningSystem } from "./harness/running-system.ts";
import { databaseText, ownersOf, redisText } from "./harness/stored-bytes.ts";
import { until } from "./harness/until.ts";

let provider: Provider;
let system: RunningSystem;

beforeAll(async () => {
  provider = await startProvider();
  system = await startSystem({ OPENAI_BASE_URL: provider.baseUrl, OPENAI_API_KEY: "sk-provider" });
});
afterAll(async () => {
  await system?.remove();
  await provider?.close();
});

/** A project of us-east with a policy, and a key of it. */
async function makeProject(policy: z.input<typeof createProject.body>["policy"]) {
  const { organizationId } = await control(system, getProject);
  const body: z.input<typeof createProject.body> = { name: "Kept short", homeRegion: "us-east", policy };
  const { projectId } = await control(system, createProject, { params: { organizationId }, body });
  return { projectId, key: (await control(system, createKey, { params: { projectId }, body: { name: "k" } })).key };
}

const post = async (path: string, key: string, body: object): Promise<number> => {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const response = await fetch(system.local.url + path, { method: "POST", headers, body: JSON.stringify(body) });
  await response.text();
  return response.status;
};

/** Asks in every way in which something said comes into a span, and waits for all of it to be stored. */
async function sayEverywhere({ projectId, key }: { projectId: string; key: string }, said: string, user: string): Promise<StoredSpan[]> {
  const messages = [{ role: "user", content: `I am ${said}` }];
  const answer = {
    ...completion,
    choices: [{ index: 0, message: { role: "assistant", content: `Hello ${said}` }, finish_reason: "stop" }],
  };
  provider.behave(json(200, answer));
  await post("/v1/chat/completions", key, { model: "gpt-4o", messages, user });
  // Larger than what goes through a buffer: the edge itself writes it to a bucket.
  await post("/v1/chat/completions", key, { model: "gpt-4o", messages: [...messages, { role: "user", content: "x".repeat(600_000) }] });
  // Larger than what stands in a row: the consumer writes it to a bucket.
  await post("/v1/chat/completions", key, { model: "gpt-4o", messages: [...messages, { role: "user", content: "x".repeat(100_000) }] });
  // In another API, so that the upstream's request is told as what was changed.
  await post("/v1/messages", key, { model: "openai/gpt-4o", max_tokens: 9, system: said, messages });
  provider.behave(json(400, { error: { message: `No such person: ${said}`, type: "invalid_request_error" } }));
  await post("/v1/chat/completions", key, { model: "gpt-4o", messages });
  const event = {
    name: "step",
    startedAtMs: Date.now(),
    input: said,
    output: { to: said },
    userId: "u",
    metadata: { step: 1 },
    parameters: { note: said },
  };
  expectStatus(await post("/v1/events", key, { events: [event] }), 202);
  return await until("six traces", 60_000, async () => {
    const { traces } = await control(system, listTraces, { params: { projectId } });
    if (traces.length < 6) return null;
    const read = await Promise.all(traces.map(async ({ traceId }) => await control(system, getTrace, { params: { projectId, traceId } })));
    return read.flatMap(({ spans }) => spans);
  });
}

function expectStatus(status: number, expected: number): void {
  if (status !== expected) throw new Error(`status ${status}`);
}

test("what is masked, or not kept, is in no byte of any store", async ({ expect }) => {
  const masked = `${randomUUID()}@example.com`;
  const unsaid = `unsaid-${randomUUID()}`;
  const foreign = `foreign-${randomUUID()}`;
  const masks = await makeProject({ masking: [{ kind: "detector", detector: "email" }] });
  const off = await makeProject({ payloads: "off" });
  const maskedSpans = await sayEverywhere(masks, masked, masked);
  const silentSpans = await sayEverywhere(off, unsaid, "u");
  expect(maskedSpans.filter((span) => JSON.stringify(span).includes("[email]"))).toHaveLength(6);
  for (const { input, output } of silentSpans) expect([input.kind, output.kind]).toEqual(["omitted", "omitted"]);
  // What is not found must be there to be found.
  await post("/v1/events", system.local.apiKey, { events: [{ name: "step", startedAtMs: Date.now(), input: foreign }] });
  const stored = await until("the foreign event", 60_000, async () => {
    const text = await databaseText(system, "us-east");
    return text.includes(foreign) ? text : null;
  });
  const texts = [stored, await redisText(system)];
  expect([masked, unsaid].filter((said) => texts.some((text) => text.includes(said)))).toEqual([]);

  // A policy that changes holds for the calls of a key in use within five seconds.
  const changedAtMs = Date.now();
  await control(system, putPolicy, { params: { projectId: masks.projectId }, body: { payloads: "off" } });
  provider.behave(json(200, completion));
  const traceId = randomUUID().replaceAll("-", "");
  await until("five seconds of calls", 10_000, async () => {
    await post("/v1/chat/completions", masks.key, { model: "gpt-4o", messages: [{ role: "user", content: "before" }] });
    return Date.now() - changedAtMs > 5_000 ? true : null;
  });
  await fetch(`${system.local.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${masks.key}`, "x-evalforge-trace-id": traceId },
    body: JSON.stringify({ model: "gpt-4o", messages: [{ role: "user", content: "after" }] }),
  });
  const last = await until("the last call", 30_000, async () => {
    const { traces } = await control(system, listTraces, { params: { projectId: masks.projectId }, query: { limit: "200" } });
    return traces.some((trace) => trace.traceId === traceId)
      ? await control(system, getTrace, { params: { projectId: masks.projectId, traceId } })
      : null;
  });
  expect(last.spans[0]?.input).toEqual({ kind: "omitted", reason: "payloads-off" });

  await system.end("SIGINT");
  expect(await ownersOf(system.dataDirectory, [masked, unsaid, foreign])).toEqual({ [masked]: [], [unsaid]: [], [foreign]: ["us-east"] });
});
