import { afterAll, beforeAll, test } from "vitest";
import { listTraces } from "#core/contracts/api/traces.ts";
import { control, spansOf } from "./harness/control-api.ts";
import { startSystem, type RunningSystem } from "./harness/running-system.ts";

let system: RunningSystem;

beforeAll(async () => {
  system = await startSystem();
});
afterAll(async () => {
  await system?.remove();
});

async function post(body: unknown, url = system.local.url): Promise<readonly [number, unknown]> {
  const response = await fetch(`${url}/v1/events`, {
    method: "POST",
    headers: { "x-goog-api-key": system.local.apiKey, "user-agent": "events-test" },
    body: JSON.stringify(body),
  });
  return [response.status, await response.json()];
}

test("of a batch, the events that are right become traces, and each wrong one is named by index and field", async ({ expect }) => {
  const traceId = "5".repeat(32);
  const startedAtMs = Date.now() - 5_000;
  const root = { traceId, spanId: "1".repeat(16), name: "answer", kind: "agent", startedAtMs, endedAtMs: startedAtMs + 900, userId: "ada" };
  const child = {
    traceId,
    spanId: "2".repeat(16),
    parentSpanId: root.spanId,
    name: "chat",
    kind: "generation",
    startedAtMs: startedAtMs + 100,
    endedAtMs: startedAtMs + 800.125,
    provider: "openai",
    modelRequested: "gpt-4o",
    usage: { inputTokens: 100, outputTokens: 50 },
    input: [{ role: "user", content: "Hi" }],
    output: "Hello.",
    metadata: { step: 1, "evalforge.started_at_ms_sent": 5 },
  };
  const events = [
    root,
    { ...root, name: "" },
    child,
    { name: "old", startedAtMs: 5 },
    { name: "unknown", startedAtMs, colour: "red" },
    { name: "lone", startedAtMs },
  ];
  expect(await post({ events }, system.local.regions["us-west"])).toEqual([
    202,
    {
      accepted: 3,
      rejected: [
        { index: 1, message: "`name`: Too small: expected string to have >=1 characters" },
        { index: 3, message: "`startedAtMs`: must not be more than 400 days ago" },
        { index: 4, message: 'Unrecognized key: "colour"' },
      ],
    },
  ]);

  const [first, second, ...rest] = await spansOf(system, traceId, { count: 2 });
  expect(rest).toEqual([]);
  expect(first).toMatchObject({
    ...root,
    parentSpanId: null,
    homeRegion: "us-east",
    servingRegion: "us-west",
    ingestProtocol: "events",
    client: "events-test",
    input: { kind: "omitted", reason: "none" },
  });
  expect(second).toMatchObject({
    ...child,
    usage: { inputTokens: 100, outputTokens: 50 },
    cost: { source: "price-book", totalNanoUsd: 100 * 2_500 + 50 * 10_000 },
    input: { kind: "inline", mediaType: "application/json", text: '[{"role":"user","content":"Hi"}]' },
    output: { kind: "inline", mediaType: "text/plain", text: "Hello." },
  });
  // The whole batch came as one object, so the lone event is there too, and none of the wrong ones.
  const { traces } = await control(system, listTraces);
  expect(Object.fromEntries(traces.map(({ name, spanCount }) => [name, spanCount]))).toEqual({ answer: 2, lone: 1 });
});

test("a batch that is sent again changes nothing, and one that is no list is refused by field", async ({ expect }) => {
  const event = { traceId: "6".repeat(32), spanId: "6".repeat(16), name: "again", startedAtMs: Date.now() };
  for (const _ of [1, 2]) expect(await post({ events: [event] })).toEqual([202, { accepted: 1, rejected: [] }]);
  // What came after both is there, so both are.
  const after = { traceId: "7".repeat(32), spanId: "7".repeat(16), name: "after", startedAtMs: Date.now() };
  await post({ events: [after] });
  await spansOf(system, after.traceId);
  expect(await spansOf(system, event.traceId)).toHaveLength(1);
  expect(await post({ events: [] })).toMatchObject([400, { error: { code: "invalid_field", param: "events" } }]);
});
