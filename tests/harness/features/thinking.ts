import { chatAnswer } from "../wire/chat.ts";
import { fieldsOf, listOf, type Fields } from "../wire/fields.ts";
import { messagesAnswer } from "../wire/messages.ts";
import { messageItem, responsesAnswer } from "../wire/responses.ts";
import type { Dialect } from "../wire/wire.ts";
import type { Feature } from "./feature.ts";
import { call, withTools } from "./tools.ts";
import { user } from "./turns.ts";

const unasked: Readonly<Record<Dialect, Fields>> = { chat: {}, messages: {}, responses: {} };

const thought = "Let me see.";
const said = { type: "text", text: "Hello there." } as const;
const signed = { type: "thinking", thinking: thought, signature: "EqQBCkYIBRgCKkA/+seal==" } as const;
const hidden = { type: "redacted_thinking", data: "EmwKAhgBEgy3va3pzix/seal==" } as const;
const reasoning = {
  id: "rs_1",
  type: "reasoning",
  summary: [{ type: "summary_text", text: thought }],
  encrypted_content: "gAAAAABseal-_=",
} as const;

const paris = call("call_1", "weather", { city: "Paris" });
const result = "21 °C";

const messageOf = (answer: Fields): Fields => fieldsOf(listOf(answer["choices"])[0]?.["message"]);

/** The conversation so far with the whole answer in it, as each API asks its clients to go on. */
const goOn: Readonly<Record<Dialect, (answer: Fields) => Fields>> = {
  chat: (answer) => ({ messages: [user.chat("Hi"), messageOf(answer), user.chat("And you?")] }),
  messages: ({ content }) => ({ messages: [user.messages("Hi"), { role: "assistant", content }, user.messages("And you?")] }),
  responses: ({ output }) => ({ input: [user.responses("Hi"), ...listOf(output), user.responses("And you?")] }),
};

export const thinking: readonly Feature[] = [
  {
    name: "thinking in the answer, and its seal sent back with the next turn",
    asks: unasked,
    sees: unasked,
    answers: {
      chat: chatAnswer({ reasoning_content: thought, content: said.text }),
      messages: messagesAnswer([signed, said]),
      responses: responsesAnswer([reasoning, messageItem()]),
    },
    reads: {
      chat: { choices: [{ message: { reasoning_content: thought, content: said.text } }] },
      messages: (from) => ({
        content: [{ type: "thinking", thinking: thought, ...(from === "messages" ? { signature: signed.signature } : {}) }, said],
      }),
      responses: (from) => ({
        output: [from === "responses" ? reasoning : { type: "reasoning", summary: reasoning.summary }, { content: [{ text: said.text }] }],
      }),
    },
    next: {
      asks: goOn,
      sees: {
        chat: { messages: [{}, { role: "assistant", reasoning_content: thought, content: said.text }, {}] },
        messages: { messages: [{}, { role: "assistant", content: [signed, said] }, {}] },
        responses: { input: [{}, reasoning, { role: "assistant", content: [{ type: "output_text", text: said.text }] }, {}] },
      },
    },
    remarks: {
      "chat > messages": "The seal stands in `thinking_blocks`, beside `reasoning_content`.",
      "chat > responses": "The seal stands in `thinking_blocks`, beside `reasoning_content`.",
      "messages > chat": "Chat completions have no seals: the thinking goes back as `reasoning_content`.",
      "responses > chat": "Chat completions have no seals: the thinking goes back as `reasoning_content`.",
    },
  },
  {
    name: "thinking before a tool call, both sent back with the tool's result",
    asks: withTools(),
    sees: withTools(),
    answers: {
      chat: chatAnswer({ reasoning_content: thought, tool_calls: [paris.chat] }, { finish_reason: "tool_calls" }),
      messages: messagesAnswer([signed, paris.messages], { stop_reason: "tool_use" }),
      responses: responsesAnswer([reasoning, { id: "fc_1", status: "completed", ...paris.responses }]),
    },
    reads: {
      chat: { choices: [{ message: { reasoning_content: thought, tool_calls: [paris.chat] }, finish_reason: "tool_calls" }] },
      messages: { content: [{ type: "thinking", thinking: thought }, paris.messages], stop_reason: "tool_use" },
      responses: { output: [{ type: "reasoning", summary: reasoning.summary }, paris.responses] },
    },
    next: {
      asks: {
        chat: (answer) => ({
          messages: [user.chat("Hi"), messageOf(answer), { role: "tool", tool_call_id: "call_1", content: result }],
          tools: withTools().chat["tools"],
        }),
        messages: ({ content }) => ({
          messages: [
            user.messages("Hi"),
            { role: "assistant", content },
            { role: "user", content: [{ type: "tool_result", tool_use_id: "call_1", content: result }] },
          ],
          tools: withTools().messages["tools"],
        }),
        responses: ({ output }) => ({
          input: [user.responses("Hi"), ...listOf(output), { type: "function_call_output", call_id: "call_1", output: result }],
          tools: withTools().responses["tools"],
        }),
      },
      sees: {
        chat: {
          messages: [
            {},
            { role: "assistant", reasoning_content: thought, tool_calls: [paris.chat] },
            { role: "tool", tool_call_id: "call_1", content: result },
          ],
        },
        messages: {
          messages: [
            {},
            { role: "assistant", content: [signed, paris.messages] },
            { role: "user", content: [{ type: "tool_result", tool_use_id: "call_1", content: [{ type: "text", text: result }] }] },
          ],
        },
        responses: { input: [{}, reasoning, paris.responses, { type: "function_call_output", call_id: "call_1", output: result }] },
      },
    },
  },
  {
    name: "redacted thinking, sent back with the next turn",
    asks: unasked,
    sees: unasked,
    answers: { messages: messagesAnswer([hidden, said]) },
    reads: {
      chat: { choices: [{ message: { content: said.text, thinking_blocks: [{ type: "redacted_thinking" }] } }] },
      messages: { content: [hidden, said] },
      responses: { output: [{ type: "reasoning", summary: [] }, { content: [{ text: said.text }] }] },
    },
    next: { asks: goOn, sees: { messages: { messages: [{}, { role: "assistant", content: [hidden, said] }, {}] } } },
  },
];
