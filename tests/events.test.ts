import { afterAll, beforeAll, test } from "vitest";
import { gzipSync } from "node:zlib";
import * as z from "zod";
import { listScores } from "#core/contracts/api/scores.ts";
import { listTraces } from "#core/contracts/api/traces.ts";
import { control, spansOf } from "./harness/control-api.ts";
import { startSystem, type RunningSystem } from "./harness/running-system.ts";
import { until } from "./harness/until.ts";

let system: RunningSystem;
const none = { kind: "omitted", reason: "none" } as const;

beforeAll(async () => {
  system = await startSystem();
});
afterAll(async () => {
  await system?.remove();
});

async function postText(
  text: string | Uint8Array<ArrayBuffer>,
  { url = system.local.url, headers = {} } = {},
): Promise<readonly [number, unknown]> {
  const response = await fetch(`${url}/v1/events`, {
    method: "POST",
    headers: { "x-goog-api-key": system.local.apiKey, "user-agent": "events-test", ...headers },
    body: text,
  });
  return [response.status, await response.json()];
}

async function post(body: unknown, url = system.local.url): Promise<readonly [number, unknown]> {
  return await postText(JSON.stringify(body), { url });
}

/** The scores of a trace, once there are as many as wanted. */
async function scoresOf(traceId: string, count: number) {
  return await until(`scores of ${traceId}`, 20_000, async () => {
    const { scores } = await control(system, listScores, { params: { traceId } });
    return scores.length >= count ? scores : null;
  });
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
        { index: 1, field: "name", reason: "Too small: expected string to have >=1 characters" },
        { index: 3, field: "startedAtMs", reason: "must not be more than 400 days ago" },
        { index: 4, field: "colour", reason: "is not a field that there is" },
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

test("of hostile items the good ones are stored as they were sent, and each of the others has its reason", async ({ expect }) => {
  const traceId = "8".repeat(32);
  const startedAtMs = Date.now() - 1_000;
  const items = [
    `{"traceId":"${traceId}","spanId":"${"1".repeat(16)}","name":"NUL \\u0000","startedAtMs":${startedAtMs},"metadata":{"a\\u0000":"b\\u0000"}}`,
    `{"traceId":"${traceId}","spanId":"${"2".repeat(16)}","name":"half \\ud83d","startedAtMs":${startedAtMs},"input":"\\udc00"}`,
    `{"traceId":"${traceId}","spanId":"${"3".repeat(16)}","name":"one","name":"twice","startedAtMs":${startedAtMs}}`,
    `{"traceId":"${traceId}","spanId":"${"4".repeat(16)}","name":"__proto__","startedAtMs":${startedAtMs},"input":{"__proto__":1},"parameters":{"a":{"__proto__":2}}}`,
    `{"traceId":"${traceId}","spanId":"${"5".repeat(16)}","name":"large","startedAtMs":${startedAtMs},"metadata":{"a":"${"x".repeat(20_000)}"},"output":"${"y".repeat(70_000)}"}`,
    `{"traceId":"${traceId}","spanId":"${"6".repeat(16)}","name":"deep","startedAtMs":${startedAtMs},"input":${"[".repeat(99)}${"]".repeat(99)}}`,
    `{"traceId":"${traceId}","name":"too deep","startedAtMs":${startedAtMs},"input":${"[".repeat(4000)}${"]".repeat(4000)}}`,
    `{"traceId":"${traceId}","name":"far","startedAtMs":1e15}`,
    `{"traceId":"${traceId}","name":"huge","startedAtMs":${startedAtMs},"usage":{"inputTokens":1e300}}`,
    `{"traceId":"${traceId}","name":"proto","startedAtMs":${startedAtMs},"metadata":{"__proto__":"a"}}`,
    "[[[]]]",
  ];
  const packed = Uint8Array.from(gzipSync(`{"events":[${items.join(",")}]}`));
  expect(await postText(packed, { headers: { "content-encoding": "gzip" } })).toEqual([
    202,
    {
      accepted: 6,
      rejected: [
        { index: 6, field: "input", reason: "must not nest deeper than 100 levels" },
        { index: 7, field: "startedAtMs", reason: "must not be more than 1 day ahead" },
        { index: 8, field: "usage.inputTokens", reason: "Too big: expected int to be <=9007199254740991" },
        { index: 9, field: "metadata.__proto__", reason: "must have another name" },
        { index: 10, field: null, reason: "Invalid input: expected object, received array" },
      ],
    },
  ]);
  const spans = await spansOf(system, traceId, { count: 6 });
  expect(
    spans.map(({ name, metadata, input, output, parameters }) => ({ name, metadata, input, output: output.kind, parameters })),
  ).toEqual([
    { name: "NUL \u0000", metadata: { "a\u0000": "b\u0000" }, input: none, output: "omitted", parameters: {} },
    {
      name: "half \ufffd",
      metadata: {},
      input: { kind: "inline", mediaType: "text/plain", text: "\ufffd" },
      output: "omitted",
      parameters: {},
    },
    { name: "twice", metadata: {}, input: none, output: "omitted", parameters: {} },
    {
      name: "__proto__",
      metadata: {},
      input: { kind: "inline", mediaType: "application/json", text: '{"__proto__":1}' },
      output: "omitted",
      parameters: { a: JSON.parse('{"__proto__":2}') },
    },
    { name: "large", metadata: { a: "x".repeat(20_000) }, input: none, output: "reference", parameters: {} },
    {
      name: "deep",
      metadata: {},
      input: { kind: "inline", mediaType: "application/json", text: "[".repeat(99) + "]".repeat(99) },
      output: "omitted",
      parameters: {},
    },
  ]);
});

test("a body over 5 MB unpacked, or with more than 1,000 items, is a 413 that names both limits", async ({ expect }) => {
  const tooLarge = [
    413,
    { error: { code: "request_too_large", message: expect.stringMatching(/5242880 bytes \(5 MB, unpacked\) and 1000 items/) } },
  ];
  expect(await postText(Uint8Array.from(gzipSync(" ".repeat(200_000_000))), { headers: { "content-encoding": "gzip" } })).toMatchObject(
    tooLarge,
  );
  expect(await post({ events: Array.from({ length: 1001 }, () => ({ name: "a", startedAtMs: 5 })) })).toMatchObject(tooLarge);
  expect(await postText("[".repeat(5_000_000))).toMatchObject([400, { error: { code: "invalid_json" } }]);
});

test("the example of the schema that is served can be posted: its span, its moment and its score are read again", async ({ expect }) => {
  const schema = z
    .object({ examples: z.tuple([z.object({ events: z.array(z.record(z.string(), z.unknown())) })]) })
    .parse(await (await fetch(`${system.local.url}/v1/events/schema`)).json());
  const [example] = schema.examples;
  const traceId = z.string().parse(example.events[0]?.["traceId"]);
  for (const _ of [1, 2]) expect(await post(example)).toEqual([202, { accepted: 3, rejected: [] }]);
  const [span, moment, ...others] = await spansOf(system, traceId, { count: 2 });
  expect(others).toEqual([]);
  expect(span).toMatchObject({ name: "answer a question", kind: "generation", cost: { source: "price-book" } });
  expect(moment).toMatchObject({ name: "copied to clipboard", kind: "event", parentSpanId: span?.spanId, endedAtMs: moment?.startedAtMs });
  // Sent twice without an id, it is one.
  const [score, ...more] = await scoresOf(traceId, 1);
  expect(more).toEqual([]);
  expect(score).toMatchObject({
    traceId,
    spanId: span?.spanId,
    name: "helpful",
    type: "boolean",
    value: 1,
    label: "",
    source: "user",
    comment: "Short and clear.",
    ingestProtocol: "events",
  });
});

test("a score of an id that is sent again is replaced, and scores of one trace are told apart", async ({ expect }) => {
  const traceId = "9".repeat(32);
  const scoreId = "0193c5a0-0000-7000-8000-00000000000a";
  const graded = {
    type: "score",
    traceId,
    scoreId,
    name: "grade",
    value: 0.25,
    label: "poor",
    source: "llm",
    evaluatorId: "judge",
    evaluatorVersion: "3",
  };
  expect(
    await post({ events: [graded, { type: "score", traceId, name: "tone", label: "kind", source: "human", metadata: { by: "ada" } }] }),
  ).toEqual([202, { accepted: 2, rejected: [] }]);
  await scoresOf(traceId, 2);
  expect(await post({ events: [{ ...graded, value: 0.75, label: "good" }] })).toMatchObject([202, {}]);
  const scores = await until("the later score", 20_000, async () => {
    const found = (await control(system, listScores, { params: { traceId } })).scores;
    return found.some(({ value }) => value === 0.75) ? found : null;
  });
  expect(
    scores
      .map(({ name, type, value, label, metadata }) => ({ name, type, value, label, metadata }))
      .toSorted((one, other) => (one.name < other.name ? -1 : 1)),
  ).toEqual([
    { name: "grade", type: "number", value: 0.75, label: "good", metadata: {} },
    { name: "tone", type: "label", value: null, label: "kind", metadata: { by: "ada" } },
  ]);
});
