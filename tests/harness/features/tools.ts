import { chatAnswer } from "../wire/chat.ts";
import type { Fields } from "../wire/fields.ts";
import { messagesAnswer } from "../wire/messages.ts";
import { responsesAnswer } from "../wire/responses.ts";
import type { Dialect } from "../wire/wire.ts";
import { alike, type Feature } from "./feature.ts";
import { user } from "./turns.ts";

type Said = Readonly<Record<Dialect, Fields>>;

const schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false } as const;
const nothing = { type: "object", properties: {} } as const;

/** A tool's definition. */
export function definition(name: string, parameters: Fields = schema, description = "Looks it up."): Said {
  return {
    chat: { type: "function", function: { name, description, parameters } },
    messages: { name, description, input_schema: parameters },
    responses: { type: "function", name, description, parameters, strict: false },
  };
}

/** A call of a tool, as it stands in an answer and in later requests. */
export function call(id: string, name: string, input: Fields): Said {
  const text = JSON.stringify(input);
  return {
    chat: { id, type: "function", function: { name, arguments: text } },
    messages: { type: "tool_use", id, name, input },
    responses: { type: "function_call", call_id: id, name, arguments: text },
  };
}

/** A request with tools; `rest` says what is to be done with them. */
export function withTools(rest: Partial<Said> = {}): Said {
  const { chat, messages, responses } = definition("weather");
  return {
    chat: { tools: [chat], ...rest.chat },
    messages: { tools: [messages], ...rest.messages },
    responses: { tools: [responses], ...rest.responses },
  };
}

/** A conversation in which tools were called, and gave back texts. */
function conversation(calls: readonly (readonly [id: string, name: string, input: Fields, result: string])[]): Said {
  const called = calls.map(([id, name, input]) => call(id, name, input));
  return {
    chat: {
      messages: [
        user.chat("Weather?"),
        { role: "assistant", content: null, tool_calls: called.map(({ chat }) => chat) },
        ...calls.map(([id, , , content]) => ({ role: "tool", tool_call_id: id, content })),
      ],
    },
    messages: {
      messages: [
        user.messages("Weather?"),
        { role: "assistant", content: called.map(({ messages }) => messages) },
        {
          role: "user",
          content: calls.map(([id, , , text]) => ({ type: "tool_result", tool_use_id: id, content: [{ type: "text", text }] })),
        },
      ],
    },
    responses: {
      input: [
        user.responses("Weather?"),
        ...called.map(({ responses }) => responses),
        ...calls.map(([id, , , output]) => ({ type: "function_call_output", call_id: id, output })),
      ],
    },
  };
}

/** The answer that calls tools, as providers send it. */
function answers(calls: readonly Said[]): Said {
  return {
    chat: chatAnswer({ tool_calls: calls.map(({ chat }) => chat) }, { finish_reason: "tool_calls" }),
    messages: messagesAnswer(
      calls.map(({ messages }) => messages),
      { stop_reason: "tool_use" },
    ),
    responses: responsesAnswer(calls.map(({ responses }, at) => ({ id: `fc_${at}`, status: "completed", ...responses }))),
  };
}

function reads(calls: readonly Said[]): Said {
  return {
    chat: { choices: [{ finish_reason: "tool_calls", message: { tool_calls: calls.map(({ chat }) => chat) } }] },
    messages: { stop_reason: "tool_use", content: calls.map(({ messages }) => messages) },
    responses: { status: "completed", output: calls.map(({ responses }) => responses) },
  };
}

const paris = call("call_1", "weather", { city: "Paris" });
const rome = call("call_2", "weather", { city: "Rome" });
const now = call("call_3", "now", {});
const failed = "No such city.";

export const tools: readonly Feature[] = [
  alike("function tools", withTools()),
  alike("tool call in the answer (stop reason: tool calls)", withTools(), { answers: answers([paris]), reads: reads([paris]) }),
  alike("tool call and result in the request", conversation([["call_1", "weather", { city: "Paris" }, "21 °C"]])),
  alike("call of a tool that takes nothing", conversation([["call_3", "now", {}, "12:00"]]), {
    answers: answers([now]),
    reads: reads([now]),
  }),
  {
    name: "tool without parameters",
    asks: {
      chat: { tools: [{ type: "function", function: { name: "now" } }] },
      messages: { tools: [{ name: "now", input_schema: nothing }] },
      responses: { tools: [{ type: "function", name: "now", parameters: null, strict: null }] },
    },
    sees: {
      chat: { tools: [{ type: "function", function: { name: "now" } }] },
      messages: { tools: [{ name: "now", input_schema: nothing }] },
      responses: { tools: [{ type: "function", name: "now", strict: false }] },
    },
  },
  alike("parallel tool calls in the answer", withTools(), { answers: answers([paris, rome]), reads: reads([paris, rome]) }),
  alike(
    "parallel tool calls and results in the request",
    conversation([
      ["call_1", "weather", { city: "Paris" }, "21 °C"],
      ["call_2", "weather", { city: "Rome" }, "25 °C"],
    ]),
  ),
  alike(
    "tool choice: auto",
    withTools({ chat: { tool_choice: "auto" }, messages: { tool_choice: { type: "auto" } }, responses: { tool_choice: "auto" } }),
  ),
  alike(
    "tool choice: none",
    withTools({ chat: { tool_choice: "none" }, messages: { tool_choice: { type: "none" } }, responses: { tool_choice: "none" } }),
  ),
  alike(
    "tool choice: required",
    withTools({ chat: { tool_choice: "required" }, messages: { tool_choice: { type: "any" } }, responses: { tool_choice: "required" } }),
  ),
  alike(
    "tool choice: a tool by name",
    withTools({
      chat: { tool_choice: { type: "function", function: { name: "weather" } } },
      messages: { tool_choice: { type: "tool", name: "weather" } },
      responses: { tool_choice: { type: "function", name: "weather" } },
    }),
  ),
  alike(
    "parallel tool calls off",
    withTools({
      chat: { parallel_tool_calls: false },
      messages: { tool_choice: { type: "auto", disable_parallel_tool_use: true } },
      responses: { parallel_tool_calls: false },
    }),
  ),
  {
    name: "strict tool",
    asks: {
      chat: { tools: [{ type: "function", function: { name: "weather", parameters: schema, strict: true } }] },
      messages: { tools: [{ name: "weather", input_schema: schema, strict: true }] },
      responses: { tools: [{ type: "function", name: "weather", parameters: schema, strict: true }] },
    },
    sees: {
      chat: { tools: [{ type: "function", function: { name: "weather", parameters: schema, strict: true } }] },
      messages: { tools: [{ name: "weather", input_schema: schema, strict: true }] },
      responses: { tools: [{ type: "function", name: "weather", parameters: schema, strict: true }] },
    },
  },
  {
    name: "tool result that is an error",
    asks: { messages: errorResult() },
    sees: {
      chat: { messages: [{}, {}, { role: "tool", tool_call_id: "call_1", content: failed }] },
      messages: errorResult(),
      responses: { input: [{}, {}, { type: "function_call_output", call_id: "call_1", output: failed }] },
    },
    remarks: {
      "messages > chat": "The API has no mark for it; the result's text says it. Without a text it is refused.",
      "messages > responses": "The API has no mark for it; the result's text says it. Without a text it is refused.",
    },
  },
];

function errorResult(): Fields {
  return {
    messages: [
      user.messages("Weather?"),
      { role: "assistant", content: [paris.messages] },
      {
        role: "user",
        content: [{ type: "tool_result", tool_use_id: "call_1", content: [{ type: "text", text: failed }], is_error: true }],
      },
    ],
  };
}
