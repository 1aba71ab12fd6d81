import type { DialectFixtures } from "../dialect.fixture.ts";
import { answer, calling, message, response, said } from "./answers.fixture.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The text of a stream's events, numbered from 0. */
export function streamText(events: readonly Fields[]): string {
  return events
    .map((event, index) => `event: ${String(event["type"])}\ndata: ${JSON.stringify({ ...event, sequence_number: index })}\n\n`)
    .join("");
}

const begun = { ...response, status: "in_progress", usage: null, service_tier: "auto" };
export const opening: readonly Fields[] = [
  { type: "response.created", response: begun },
  { type: "response.in_progress", response: begun },
];
const completed = (...output: readonly unknown[]): Fields => ({ type: "response.completed", response: { ...response, output } });

const item = (output: number, value: Fields) => ({
  added: { type: "response.output_item.added", output_index: output, item: { ...value, status: "in_progress" } },
  done: { type: "response.output_item.done", output_index: output, item: value },
});

/** A message item of one text, in pieces. */
function texts(output: number, id: string, pieces: readonly string[], logprobs: readonly unknown[] = []): readonly Fields[] {
  const place = { item_id: id, output_index: output, content_index: 0 };
  const whole = { ...said(pieces.join("")), logprobs: pieces.flatMap(() => logprobs) };
  return [
    { ...item(output, { ...message(id), content: [] }).added },
    { type: "response.content_part.added", ...place, part: said("") },
    ...pieces.map((delta) => ({ type: "response.output_text.delta", ...place, delta, logprobs, obfuscation: "x9" })),
    { type: "response.output_text.done", ...place, text: whole.text, logprobs: whole.logprobs },
    { type: "response.content_part.done", ...place, part: whole },
    item(output, message(id, whole)).done,
  ];
}

const hello = message("msg_1", said("Hello, world."));
const rome = calling("fc_1", "call_1", "weather", '{"city":"Rome"}');
const now = calling("fc_2", "call_2", "time", "");
const piece = (output: number, id: string, delta: string) => ({
  type: "response.function_call_arguments.delta",
  item_id: id,
  output_index: output,
  delta,
});
const argumentsDone = (output: number, id: string, text: string) => ({
  type: "response.function_call_arguments.done",
  item_id: id,
  output_index: output,
  arguments: text,
});
const calls: readonly Fields[] = [
  item(0, { ...rome, arguments: "" }).added,
  piece(0, "fc_1", '{"city":'),
  item(1, now).added,
  piece(0, "fc_1", '"Rome"}'),
  argumentsDone(1, "fc_2", ""),
  item(1, now).done,
  argumentsDone(0, "fc_1", '{"city":"Rome"}'),
  item(0, rome).done,
];
const called = {
  ...answer,
  blocks: [
    { kind: "tool-call", id: "call_1", name: "weather", arguments: '{"city":"Rome"}' },
    { kind: "tool-call", id: "call_2", name: "time", arguments: "{}" },
  ],
  stop: { unified: "tool_calls", raw: "completed", sequence: null },
} as const;

const thought = {
  id: "rs_1",
  type: "reasoning",
  summary: [
    { type: "summary_text", text: "One." },
    { type: "summary_text", text: "Two." },
  ],
  encrypted_content: "gAAAwhole",
};
const paragraph = (index: number, pieces: readonly string[]): readonly Fields[] => {
  const place = { item_id: "rs_1", output_index: 0, summary_index: index };
  const text = pieces.join("");
  return [
    { type: "response.reasoning_summary_part.added", ...place, part: { type: "summary_text", text: "" } },
    ...pieces.map((delta) => ({ type: "response.reasoning_summary_text.delta", ...place, delta })),
    { type: "response.reasoning_summary_text.done", ...place, text },
    { type: "response.reasoning_summary_part.done", ...place, part: { type: "summary_text", text } },
  ];
};
const rawThought = { id: "rs_2", type: "reasoning", summary: [], content: [{ type: "reasoning_text", text: "Raw." }] };
const rawPlace = { item_id: "rs_2", output_index: 0, content_index: 0 };
const redacted = { id: "rs_redacted_a_0", type: "reasoning", summary: [], encrypted_content: "evalforge:messages:ZGF0YQ==" };
const signed = { id: "rs_a_1", type: "reasoning", summary: [], encrypted_content: "evalforge:messages:c2ln" };
const refusalPlace = { item_id: "msg_1", output_index: 0, content_index: 0 };
const logprob = { token: "Hi", logprob: -0.1, bytes: [72, 105], top_logprobs: [] };
const helloBlock = { kind: "text", text: "Hello, world.", logprobs: [] } as const;

export const streams: DialectFixtures["streams"] = {
  plain: {
    text: streamText([...opening, ...texts(0, "msg_1", ["Hello", ", wor", "ld."]), completed(hello)]),
    answer: { ...answer, blocks: [helloBlock] },
  },
  tools: { text: streamText([...opening, ...calls, completed(rome, now)]), answer: called },
  // Servers that write a call whole, without deltas or a `done` of its arguments.
  wholeCalls: {
    text: streamText([...opening, item(0, rome).added, item(0, rome).done, item(1, now).added, item(1, now).done, completed(rome, now)]),
    answer: called,
  },
  // Servers that write no events of items at all.
  wholeResponse: {
    text: streamText([...opening, completed(hello)]),
    answer: { ...answer, blocks: [helloBlock] },
  },
  thinking: {
    text: streamText([
      ...opening,
      item(0, { ...thought, summary: [], encrypted_content: "gAAApart" }).added,
      ...paragraph(0, ["On", "e."]),
      ...paragraph(1, ["Two."]),
      item(0, thought).done,
      { type: "response.output_item.added", output_index: 1, item: { id: "ws_1", type: "web_search_call", status: "in_progress" } },
      { type: "response.web_search_call.searching", item_id: "ws_1", output_index: 1 },
      { type: "response.output_item.done", output_index: 1, item: { id: "ws_1", type: "web_search_call", status: "completed" } },
      ...texts(2, "msg_1", ["Hi", "Hi"], [logprob]),
      completed(thought, { id: "ws_1", type: "web_search_call", status: "completed" }, message("msg_1", said("HiHi"))),
    ]),
    answer: {
      ...answer,
      blocks: [
        { kind: "thinking", text: "One.\n\nTwo.", seal: { origin: "responses", value: "rs_1:gAAAwhole" } },
        { kind: "text", text: "HiHi", logprobs: [logprob, logprob] },
      ],
    },
  },
  rawThinking: {
    text: streamText([
      ...opening,
      item(0, { ...rawThought, content: [] }).added,
      { type: "response.content_part.added", ...rawPlace, part: { type: "reasoning_text", text: "" } },
      { type: "response.reasoning_text.delta", ...rawPlace, delta: "Raw" },
      { type: "response.reasoning_text.delta", ...rawPlace, delta: "." },
      { type: "response.reasoning_text.done", ...rawPlace, text: "Raw." },
      { type: "response.content_part.done", ...rawPlace, part: { type: "reasoning_text", text: "Raw." } },
      item(0, rawThought).done,
      ...texts(1, "msg_1", ["Hello, world."]),
      completed(rawThought, hello),
    ]),
    answer: { ...answer, blocks: [{ kind: "thinking", text: "Raw.", seal: null }, helloBlock] },
  },
  foreignThinking: {
    text: streamText([
      ...opening,
      item(0, redacted).added,
      item(0, redacted).done,
      item(1, signed).added,
      item(1, signed).done,
      ...texts(2, "msg_1", ["Hello, world."]),
      completed(redacted, signed, hello),
    ]),
    answer: {
      ...answer,
      blocks: [
        { kind: "redacted-thinking", seal: { origin: "messages", value: "ZGF0YQ==" } },
        { kind: "thinking", text: "", seal: { origin: "messages", value: "c2ln" } },
        helloBlock,
      ],
    },
  },
  refusal: {
    text: streamText([
      ...opening,
      item(0, message("msg_1")).added,
      { type: "response.content_part.added", ...refusalPlace, part: { type: "refusal", refusal: "" } },
      { type: "response.refusal.delta", ...refusalPlace, delta: "N" },
      { type: "response.refusal.delta", ...refusalPlace, delta: "o." },
      { type: "response.refusal.done", ...refusalPlace, refusal: "No." },
      { type: "response.content_part.done", ...refusalPlace, part: { type: "refusal", refusal: "No." } },
      item(0, message("msg_1", { type: "refusal", refusal: "No." })).done,
      completed(message("msg_1", { type: "refusal", refusal: "No." })),
    ]),
    answer: {
      ...answer,
      blocks: [{ kind: "refusal", text: "No." }],
      stop: { unified: "content_filter", raw: "completed", sequence: null },
    },
  },
  // The output length was reached: the item is never done.
  length: {
    text: streamText([
      ...opening,
      ...texts(0, "msg_1", ["Hello, world."]).slice(0, 3),
      {
        type: "response.incomplete",
        response: { ...response, status: "incomplete", incomplete_details: { reason: "max_output_tokens" }, output: [hello] },
      },
    ]),
    answer: { ...answer, blocks: [helloBlock], stop: { unified: "length", raw: "max_output_tokens", sequence: null } },
  },
  // No usage, comments between, an end mark of another API after the end.
  bare: {
    text: `: hi\n\n${streamText([
      { type: "response.created", response: { id: "resp_1", model: "gpt-5-2025-08-07" } },
      { type: "keepalive" },
      { type: "response.output_text.delta", item_id: "msg_1", output_index: 0, content_index: 0, delta: "Hello, world." },
      { type: "response.completed", response: { id: "resp_1" } },
    ])}data: [DONE]\n\n`,
    answer: { ...answer, blocks: [helloBlock], usage: null, serviceTier: null },
  },
};

export const failing: DialectFixtures["failing"] = {
  failed: {
    text: streamText([
      ...opening,
      ...texts(0, "msg_1", ["Hel"]).slice(0, 3),
      {
        type: "response.failed",
        response: { ...response, status: "failed", error: { code: "server_error", message: "The model failed." }, usage: null },
      },
    ]),
    message: "The model failed.",
  },
  error: {
    text: streamText([...opening, { type: "error", code: "rate_limit_exceeded", message: "Too fast.", param: null }]),
    message: "Too fast.",
  },
  nestedError: {
    text: streamText([{ type: "error", error: { type: "invalid_request_error", code: null, message: "Bad input.", param: "input" } }]),
    message: "Bad input.",
  },
  bareError: { text: 'data: {"error":{"message":"Gone.","code":"gone"}}\n\n', message: "Gone." },
};
