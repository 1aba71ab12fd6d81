import type { Dialect } from "../dialect.ts";
import { readAnswer } from "./read-answer.ts";
import { readRequest } from "./read-request.ts";
import { ResponseReader } from "./reader.ts";
import { readUsage } from "./usage.ts";
import { writeAnswer } from "./write-answer.ts";
import { writeRequest } from "./write-request.ts";
import { ResponseWriter } from "./writer.ts";

/** OpenAI's Responses API, without what it keeps between calls. */
export const responses: Dialect = {
  name: "responses",
  wireNames: {
    model: "model",
    streamed: "stream",
    turns: "input",
    tools: "tools",
    toolChoice: "tool_choice",
    parallelToolCalls: "parallel_tool_calls",
    maxOutputTokens: "max_output_tokens",
    temperature: "temperature",
    topP: "top_p",
    format: "text.format",
    reasoning: "reasoning",
    serviceTier: "service_tier",
    user: "user",
    topLogprobs: "top_logprobs",
  },
  readRequest,
  writeRequest,
  readAnswer,
  writeAnswer,
  readUsage,
  openReader: () => new ResponseReader(),
  openWriter: (context) => new ResponseWriter(context),
};
