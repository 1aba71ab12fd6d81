import { completion, streamEvents, usage } from "./provider.ts";

/** The APIs that are taken in and spoken with providers. */
export type Api = "chat" | "messages" | "responses";

/** What goes over the wire in one API. */
export interface Wire {
  readonly path: string;
  /** Fields of a smallest request beside its model. */
  readonly request: Readonly<Record<string, unknown>>;
  /** A whole answer that says `Hello there.` */
  readonly answer: object;
  /** A streamed answer up to its first words, `Hello `. */
  readonly opening: string;
  /** What comes after that. */
  readonly rest: string;
  /** More words of a streamed answer that has begun. */
  readonly words: (text: string) => string;
  /** A whole answer of other words. */
  readonly answerOf: (text: string) => object;
  /** The event of an error that says `overloaded`. */
  readonly errorEvent: string;
  /** The body of an error. */
  readonly errorBody: (message: string) => object;
  /** What only a whole stream may hold. */
  readonly endMark: RegExp;
}

const data = (body: unknown) => `data: ${JSON.stringify(body)}\n\n`;
const named = (type: string, fields: object = {}) => `event: ${type}\n${data({ type, ...fields })}`;
const openAiError = (message: string) => ({ error: { message, type: "server_error", param: null, code: null } });
const anthropicError = (message: string) => ({ type: "error", error: { type: "overloaded_error", message } });

const chat: Wire = {
  path: "/v1/chat/completions",
  request: { messages: [{ role: "user", content: "Hi" }] },
  answer: completion,
  opening: streamEvents.slice(0, 2).map(data).join(""),
  rest: `${streamEvents.slice(2).map(data).join("")}data: [DONE]\n\n`,
  words: (content) => data({ ...streamEvents[1], choices: [{ index: 0, delta: { content }, finish_reason: null }] }),
  answerOf: (content) => ({ ...completion, choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }] }),
  errorEvent: data(openAiError("overloaded")),
  errorBody: openAiError,
  endMark: /\[DONE\]/,
};

/** The same counts as those of chat completions. */
const anthropicUsage = { input_tokens: 60, cache_creation_input_tokens: 0, cache_read_input_tokens: 40, output_tokens: 50 };
const message = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-sonnet-4-5-20250929",
  content: [{ type: "text", text: "Hello there." }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: anthropicUsage,
};
const textDelta = (text: string) => named("content_block_delta", { index: 0, delta: { type: "text_delta", text } });

const messages: Wire = {
  path: "/v1/messages",
  request: { max_tokens: 100, messages: [{ role: "user", content: "Hi" }] },
  answer: message,
  opening: [
    named("message_start", { message: { ...message, content: [], stop_reason: null, usage: { ...anthropicUsage, output_tokens: 1 } } }),
    named("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
    named("ping"),
    textDelta("Hello "),
  ].join(""),
  rest: [
    textDelta("there."),
    named("content_block_stop", { index: 0 }),
    named("message_delta", { delta: { stop_reason: "end_turn", stop_sequence: null }, usage: { output_tokens: 50 } }),
    named("message_stop"),
  ].join(""),
  words: textDelta,
  answerOf: (text) => ({ ...message, content: [{ type: "text", text }] }),
  errorEvent: named("error", anthropicError("overloaded")),
  errorBody: anthropicError,
  endMark: /message_stop/,
};

const outputText = (text: string) => ({ type: "output_text", text, annotations: [], logprobs: [] });
const item = (text: string) => ({ id: "msg_1", type: "message", status: "completed", role: "assistant", content: [outputText(text)] });
const responseOf = (text: string) => ({
  id: "resp_1",
  object: "response",
  created_at: 1,
  status: "completed",
  error: null,
  incomplete_details: null,
  model: "gpt-4o-2024-08-06",
  output: [item(text)],
  usage: {
    input_tokens: usage.prompt_tokens,
    input_tokens_details: usage.prompt_tokens_details,
    output_tokens: usage.completion_tokens,
    output_tokens_details: usage.completion_tokens_details,
    total_tokens: usage.total_tokens,
  },
});
const begun = { ...responseOf(""), status: "in_progress", output: [], usage: null };
const place = { item_id: "msg_1", output_index: 0, content_index: 0 };
const outputDelta = (delta: string) => named("response.output_text.delta", { ...place, delta, logprobs: [], sequence_number: 4 });

const responses: Wire = {
  path: "/v1/responses",
  request: { input: "Hi" },
  answer: responseOf("Hello there."),
  opening: [
    named("response.created", { response: begun, sequence_number: 0 }),
    named("response.in_progress", { response: begun, sequence_number: 1 }),
    named("response.output_item.added", { output_index: 0, item: { ...item(""), status: "in_progress", content: [] }, sequence_number: 2 }),
    named("response.content_part.added", { ...place, part: outputText(""), sequence_number: 3 }),
    outputDelta("Hello "),
  ].join(""),
  rest: [
    named("response.output_text.delta", { ...place, delta: "there.", logprobs: [], sequence_number: 5 }),
    named("response.output_text.done", { ...place, text: "Hello there.", logprobs: [], sequence_number: 6 }),
    named("response.content_part.done", { ...place, part: outputText("Hello there."), sequence_number: 7 }),
    named("response.output_item.done", { output_index: 0, item: item("Hello there."), sequence_number: 8 }),
    named("response.completed", { response: responseOf("Hello there."), sequence_number: 9 }),
  ].join(""),
  words: outputDelta,
  answerOf: responseOf,
  errorEvent: named("error", { code: "server_error", message: "overloaded", param: null, sequence_number: 5 }),
  errorBody: openAiError,
  endMark: /response\.(completed|incomplete)/,
};

export const wires = { chat, messages, responses } as const satisfies Record<Api, Wire>;

/** A request to an API, as text. */
export function requestText(api: Api, fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ ...wires[api].request, ...fields });
}
