import type { Dialect } from "../dialect.ts";
import { readAnswer } from "./read-answer.ts";
import { readRequest } from "./read-request.ts";
import { ChatReader } from "./reader.ts";
import { readUsage } from "./usage.ts";
import { writeAnswer } from "./write-answer.ts";
import { writeRequest } from "./write-request.ts";
import { ChatWriter } from "./writer.ts";

/** OpenAI's chat completions. */
export const chat: Dialect = {
  name: "chat",
  wireNames: {
    model: "model",
    streamed: "stream",
    turns: "messages",
    tools: "tools",
    toolChoice: "tool_choice",
    parallelToolCalls: "parallel_tool_calls",
    maxOutputTokens: "max_completion_tokens",
    temperature: "temperature",
    topP: "top_p",
    topK: "top_k",
    stopSequences: "stop",
    format: "response_format",
    reasoning: "reasoning_effort",
    serviceTier: "service_tier",
    user: "safety_identifier",
    topLogprobs: "top_logprobs",
  },
  readRequest,
  writeRequest,
  readAnswer,
  writeAnswer,
  readUsage,
  openReader: () => new ChatReader(),
  openWriter: (context) => new ChatWriter(context),
};
