import type { Dialect } from "../dialect.ts";
import { readAnswer } from "./read-answer.ts";
import { readRequest } from "./read-request.ts";
import { MessagesReader } from "./reader.ts";
import { readUsage } from "./usage.ts";
import { writeAnswer } from "./write-answer.ts";
import { writeRequest } from "./write-request.ts";
import { MessagesWriter } from "./writer.ts";

/** Anthropic's messages, as of API version 2023-06-01. */
export const messages: Dialect = {
  name: "messages",
  wireNames: {
    model: "model",
    streamed: "stream",
    turns: "messages",
    tools: "tools",
    toolChoice: "tool_choice",
    parallelToolCalls: "tool_choice.disable_parallel_tool_use",
    maxOutputTokens: "max_tokens",
    temperature: "temperature",
    topP: "top_p",
    topK: "top_k",
    stopSequences: "stop_sequences",
    format: "output_config.format",
    reasoning: "thinking",
    serviceTier: "service_tier",
    user: "metadata.user_id",
  },
  readRequest,
  writeRequest,
  readAnswer,
  writeAnswer,
  readUsage,
  openReader: () => new MessagesReader(),
  openWriter: (context) => new MessagesWriter(context),
};
