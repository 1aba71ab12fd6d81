import { idAlphabet, type Random } from "./random.ts";
import type { Tool } from "./language/records.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A tool that a model calls. */
export interface ToolUse {
  readonly id: string;
  readonly name: string;
  readonly input: Fields;
}

/** What a model says. */
export interface Said {
  readonly text: string;
  readonly use: ToolUse | null;
}

/** Tokens as providers count them: all that went in, of those from the cache and newly into it, and all that came out. */
export interface Counts {
  readonly input: number;
  readonly cached: number;
  readonly cacheWrite: number;
  readonly output: number;
  readonly reasoning: number;
}

export interface Request {
  readonly model: string;
  readonly system: string;
  /** Each as JSON text. */
  readonly messages: readonly string[];
  readonly tools: readonly Tool[];
  readonly streamed: boolean;
  readonly userId: string;
}

export interface Answer {
  readonly model: string;
  readonly createdAtMs: number;
  readonly said: Said;
  readonly counts: Counts;
}

/** One API of a provider: its messages as JSON text, its requests and its answers. */
export interface Wire {
  readonly user: (text: string) => string;
  readonly assistant: (said: Said) => string;
  readonly result: (useId: string, text: string) => string;
  /** Every field of the body but what is said. */
  readonly parameters: (request: Request) => Fields;
  readonly body: (request: Request) => string;
  readonly answer: (random: Random, answer: Answer) => { readonly fields: Fields; readonly usage: Fields };
  readonly newUseId: (random: Random) => string;
  readonly finishReasons: { readonly stop: string; readonly tool: string };
}

const schemaOf = ({ properties }: Tool) => ({ type: "object", properties, required: Object.keys(properties).slice(0, 1) });

function chatCall({ id, name, input }: ToolUse) {
  return { id, type: "function", function: { name, arguments: JSON.stringify(input) } };
}

function chatMessage({ text, use }: Said): Fields {
  return { role: "assistant", content: text === "" ? null : text, ...(use === null ? {} : { tool_calls: [chatCall(use)] }) };
}

function chatParameters({ model, tools, streamed, userId }: Request): Fields {
  return {
    model,
    temperature: 0.3,
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map((tool) => ({
            type: "function",
            function: { name: tool.name, description: tool.description, parameters: schemaOf(tool) },
          })),
        }),
    ...(streamed ? { stream: true, stream_options: { include_usage: true } } : {}),
    ...(userId === "" ? {} : { user: userId }),
  };
}

/** OpenAI's chat completions, which most others speak too. */
const chat: Wire = {
  user: (text) => JSON.stringify({ role: "user", content: text }),
  assistant: (said) => JSON.stringify(chatMessage(said)),
  result: (useId, text) => JSON.stringify({ role: "tool", tool_call_id: useId, content: text }),
  parameters: chatParameters,
  body: (request) => {
    const messages = [JSON.stringify({ role: "system", content: request.system }), ...request.messages].join(",");
    return `{"messages":[${messages}],${JSON.stringify(chatParameters(request)).slice(1)}`;
  },
  answer: (random, { model, createdAtMs, said, counts }) => {
    const usage = {
      prompt_tokens: counts.input,
      completion_tokens: counts.output,
      total_tokens: counts.input + counts.output,
      prompt_tokens_details: { cached_tokens: counts.cached, audio_tokens: 0 },
      completion_tokens_details: {
        reasoning_tokens: counts.reasoning,
        audio_tokens: 0,
        accepted_prediction_tokens: 0,
        rejected_prediction_tokens: 0,
      },
    };
    return {
      usage,
      fields: {
        id: `chatcmpl-${random.characters(idAlphabet, 29)}`,
        object: "chat.completion",
        created: Math.floor(createdAtMs / 1000),
        model,
        choices: [
          {
            index: 0,
            message: { ...chatMessage(said), refusal: null, annotations: [] },
            logprobs: null,
            finish_reason: said.use === null ? "stop" : "tool_calls",
          },
        ],
        usage,
        service_tier: "default",
        system_fingerprint: `fp_${random.hex(10)}`,
      },
    };
  },
  newUseId: (random) => `call_${random.characters(idAlphabet, 24)}`,
  finishReasons: { stop: "stop", tool: "tool_calls" },
};

function messagesParameters({ model, tools, streamed, userId }: Request): Fields {
  return {
    model,
    max_tokens: 8_192,
    ...(tools.length === 0
      ? {}
      : { tools: tools.map((tool) => ({ name: tool.name, description: tool.description, input_schema: schemaOf(tool) })) }),
    ...(streamed ? { stream: true } : {}),
    ...(userId === "" ? {} : { metadata: { user_id: userId } }),
  };
}

function messagesContent({ text, use }: Said): readonly Fields[] {
  return [
    ...(text === "" ? [] : [{ type: "text", text }]),
    ...(use === null ? [] : [{ type: "tool_use", id: use.id, name: use.name, input: use.input }]),
  ];
}

/** Anthropic's messages. */
const messages: Wire = {
  user: (text) => JSON.stringify({ role: "user", content: text }),
  assistant: (said) => JSON.stringify({ role: "assistant", content: messagesContent(said) }),
  result: (useId, text) => JSON.stringify({ role: "user", content: [{ type: "tool_result", tool_use_id: useId, content: text }] }),
  parameters: messagesParameters,
  body: (request) => {
    const system = JSON.stringify([{ type: "text", text: request.system, cache_control: { type: "ephemeral" } }]);
    return `{"system":${system},"messages":[${request.messages.join(",")}],${JSON.stringify(messagesParameters(request)).slice(1)}`;
  },
  answer: (random, { model, said, counts }) => {
    const usage = {
      input_tokens: counts.input - counts.cached - counts.cacheWrite,
      cache_creation_input_tokens: counts.cacheWrite,
      cache_read_input_tokens: counts.cached,
      cache_creation: { ephemeral_5m_input_tokens: counts.cacheWrite, ephemeral_1h_input_tokens: 0 },
      output_tokens: counts.output,
      service_tier: "standard",
    };
    return {
      usage,
      fields: {
        id: `msg_01${random.characters(idAlphabet, 22)}`,
        type: "message",
        role: "assistant",
        model,
        content: messagesContent(said),
        stop_reason: said.use === null ? "end_turn" : "tool_use",
        stop_sequence: null,
        usage,
      },
    };
  },
  newUseId: (random) => `toolu_01${random.characters(idAlphabet, 22)}`,
  finishReasons: { stop: "end_turn", tool: "tool_use" },
};

export const wires = { chat, messages } as const;
