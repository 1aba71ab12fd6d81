import { chatAnswer } from "../wire/chat.ts";
import type { Fields } from "../wire/fields.ts";
import { messagesAnswer } from "../wire/messages.ts";
import { messageItem, responsesAnswer } from "../wire/responses.ts";
import type { Dialect } from "../wire/wire.ts";
import type { Feature } from "./feature.ts";

/** Every client may get it; nothing is asked for. */
const unasked: Readonly<Record<Dialect, Fields>> = { chat: {}, messages: {}, responses: {} };
const nothing = { asks: unasked, sees: unasked } as const;

const no = "I cannot help with that.";
const half = "Hello th";
const chosen = {
  token: "Hello there.",
  logprob: -0.1,
  bytes: null,
  top_logprobs: [{ token: "Hello there.", logprob: -0.1, bytes: null }],
} as const;
const noMark = "The API has no field for a refusal: its text is the answer's, and its stop reason says `refusal`.";
const asStop = "Which sequence it was is not said: the API has no field for it.";

export const answers: readonly Feature[] = [
  {
    name: "refusal",
    ...nothing,
    answers: {
      chat: chatAnswer({ refusal: no }),
      messages: messagesAnswer([{ type: "text", text: no }], { stop_reason: "refusal" }),
      responses: responsesAnswer([messageItem({ type: "refusal", refusal: no })]),
    },
    reads: {
      chat: (from) =>
        from === "messages"
          ? { choices: [{ message: { content: no }, finish_reason: "content_filter" }] }
          : { choices: [{ message: { refusal: no } }] },
      messages: { content: [{ type: "text", text: no }], stop_reason: "refusal" },
      responses: (from) =>
        from === "messages"
          ? {
              output: [{ content: [{ type: "output_text", text: no }] }],
              status: "incomplete",
              incomplete_details: { reason: "content_filter" },
            }
          : { output: [{ content: [{ type: "refusal", refusal: no }] }], status: "completed" },
    },
    remarks: {
      "messages > chat": noMark,
      "messages > responses": noMark,
    },
  },
  {
    name: "stop reason: the model has ended",
    ...nothing,
    answers: { chat: chatAnswer(), messages: messagesAnswer(), responses: responsesAnswer() },
    reads: {
      chat: { choices: [{ finish_reason: "stop" }] },
      messages: { stop_reason: "end_turn", stop_sequence: null },
      responses: { status: "completed", incomplete_details: null },
    },
  },
  {
    name: "stop reason: length",
    ...nothing,
    answers: {
      chat: chatAnswer({ content: half }, { finish_reason: "length" }),
      messages: messagesAnswer([{ type: "text", text: half }], { stop_reason: "max_tokens" }),
      responses: cut("max_output_tokens"),
    },
    reads: {
      chat: { choices: [{ message: { content: half }, finish_reason: "length" }] },
      messages: { content: [{ type: "text", text: half }], stop_reason: "max_tokens" },
      responses: { status: "incomplete", incomplete_details: { reason: "max_output_tokens" }, output: [{ content: [{ text: half }] }] },
    },
  },
  {
    name: "stop reason: content filter",
    ...nothing,
    answers: {
      chat: chatAnswer({ content: half }, { finish_reason: "content_filter" }),
      messages: messagesAnswer([{ type: "text", text: half }], { stop_reason: "refusal" }),
      responses: cut("content_filter"),
    },
    reads: {
      chat: { choices: [{ message: { content: half }, finish_reason: "content_filter" }] },
      messages: { content: [{ type: "text", text: half }], stop_reason: "refusal" },
      responses: { status: "incomplete", incomplete_details: { reason: "content_filter" }, output: [{ content: [{ text: half }] }] },
    },
  },
  {
    name: "stop reason: a stop sequence",
    ...nothing,
    answers: { messages: messagesAnswer(undefined, { stop_reason: "stop_sequence", stop_sequence: "END" }) },
    reads: {
      chat: { choices: [{ finish_reason: "stop" }] },
      messages: { stop_reason: "stop_sequence", stop_sequence: "END" },
      responses: { status: "completed" },
    },
    remarks: { "chat > messages": asStop, "responses > messages": asStop },
  },
  {
    name: "log probabilities",
    asks: {
      chat: { logprobs: true, top_logprobs: 1 },
      responses: { top_logprobs: 1, include: ["message.output_text.logprobs"] },
    },
    sees: { chat: { logprobs: true, top_logprobs: 1 }, responses: { top_logprobs: 1 } },
    called: { chat: "top_logprobs", responses: "top_logprobs" },
    answers: {
      chat: chatAnswer(undefined, { logprobs: { content: [chosen], refusal: null } }),
      responses: responsesAnswer([messageItem({ type: "output_text", text: "Hello there.", annotations: [], logprobs: [chosen] })]),
    },
    reads: {
      chat: { choices: [{ logprobs: { content: [chosen] } }] },
      responses: { output: [{ content: [{ text: "Hello there.", logprobs: [chosen] }] }] },
    },
  },
];

function cut(reason: string): Fields {
  const item = messageItem({ type: "output_text", text: half, annotations: [], logprobs: [] });
  return responsesAnswer([{ ...item, status: "incomplete" }], { status: "incomplete", incomplete_details: { reason } });
}
