import { usage as chatUsage } from "./provider.ts";
import type { Said, UpstreamApi } from "./scripted-model.ts";

/** What each API calls the model that served. */
export const servedModels = {
  chat: "gpt-4o-mini-2024-07-18",
  responses: "gpt-4o-mini-2024-07-18",
  messages: "claude-sonnet-4-5-20250929",
} as const satisfies Record<UpstreamApi, string>;

/** The same tokens as each API counts them: of 100 read 40 were cached, of 50 written 20 were thought. */
export const usages = {
  chat: chatUsage,
  responses: {
    input_tokens: 100,
    input_tokens_details: { cached_tokens: 40 },
    output_tokens: 50,
    output_tokens_details: { reasoning_tokens: 20 },
    total_tokens: 150,
  },
  messages: {
    input_tokens: 60,
    cache_read_input_tokens: 40,
    cache_creation_input_tokens: 0,
    output_tokens: 50,
    output_tokens_details: { thinking_tokens: 20 },
  },
} as const satisfies Record<UpstreamApi, object>;

export const callIdOf = (city: string): string => `call_${city}`;
export const argumentsOf = (city: string): string => JSON.stringify({ city });

export const chatCall = (city: string) => ({
  id: callIdOf(city),
  type: "function",
  function: { name: "get_weather", arguments: argumentsOf(city) },
});
export const responseCall = (city: string) => ({
  type: "function_call",
  id: `fc_${city}`,
  call_id: callIdOf(city),
  name: "get_weather",
  arguments: argumentsOf(city),
  status: "completed",
});
export const responseText = (text: string) => ({
  type: "message",
  id: "msg_1",
  role: "assistant",
  status: "completed",
  content: [{ type: "output_text", text, annotations: [] }],
});

/** A response without its output, as it also stands in the events of a stream. */
export const responseHead = {
  id: "resp_1",
  object: "response",
  created_at: 1,
  error: null,
  incomplete_details: null,
  instructions: null,
  metadata: {},
  model: servedModels.responses,
  parallel_tool_calls: true,
  tool_choice: "auto",
  tools: [],
  temperature: 1,
  top_p: 1,
} as const;
export const messageHead = { id: "msg_1", type: "message", role: "assistant", model: servedModels.messages } as const;

const writers = {
  chat: (said: Said) => ({
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: servedModels.chat,
    choices: [
      {
        index: 0,
        message:
          said.kind === "text"
            ? { role: "assistant", content: said.text, refusal: null }
            : { role: "assistant", content: null, refusal: null, tool_calls: said.cities.map(chatCall) },
        finish_reason: said.kind === "text" ? "stop" : "tool_calls",
        logprobs: null,
      },
    ],
    usage: usages.chat,
  }),
  responses: (said: Said) => ({
    ...responseHead,
    status: "completed",
    output: said.kind === "text" ? [responseText(said.text)] : said.cities.map(responseCall),
    usage: usages.responses,
  }),
  messages: (said: Said) => ({
    ...messageHead,
    content:
      said.kind === "text"
        ? [{ type: "text", text: said.text }]
        : said.cities.map((city) => ({ type: "tool_use", id: callIdOf(city), name: "get_weather", input: { city } })),
    stop_reason: said.kind === "text" ? "end_turn" : "tool_use",
    stop_sequence: null,
    usage: usages.messages,
  }),
} as const satisfies Record<UpstreamApi, (said: Said) => object>;

/** A whole answer, as the API sends it. */
export function plainAnswer(api: UpstreamApi, said: Said): object {
  return writers[api](said);
}
