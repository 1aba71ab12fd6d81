import { providerRow } from "../../providers/providers.ts";
import type { Conversation, OutputFormat, Reasoning, Tool, ToolChoice } from "../conversation.ts";
import type { WriteTarget, WrittenRequest } from "../dialect.ts";
import { writeExtras } from "./extras.ts";
import { writeMessages } from "./write-messages.ts";
import { writeCache, type Writing } from "./write-parts.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A body of `POST /chat/completions`, in the words that the target's provider knows. */
export function writeRequest(conversation: Conversation, { model, provider }: WriteTarget): WrittenRequest {
  const writing: Writing = { provider, dropped: new Set() };
  const isOpenAi = provider === "openai";
  const { tools, stopSequences, topK, reasoning } = conversation;
  const extras = writeExtras(conversation.extras);
  const body = {
    model,
    messages: writeMessages(conversation.turns, writing),
    ...writeStream(conversation.streamed, provider),
    ...(tools.length === 0 ? {} : { tools: tools.map((tool) => writeTool(tool, provider)) }),
    ...writeToolUse(conversation, writing),
    ...said(isOpenAi ? "max_completion_tokens" : "max_tokens", conversation.maxOutputTokens),
    ...said("temperature", conversation.temperature),
    ...said("top_p", conversation.topP),
    ...said("top_k", isOpenAi ? null : topK),
    ...said("stop", stopSequences.length === 0 ? null : stopSequences),
    ...said("response_format", conversation.format === null ? null : writeFormat(conversation.format)),
    ...said("reasoning_effort", reasoning === null ? null : effortOf(reasoning)),
    ...said("service_tier", conversation.serviceTier),
    // `user` is the older name, and the only one that others know.
    ...said(isOpenAi ? "safety_identifier" : "user", conversation.user),
    ...writeLogprobs(conversation.topLogprobs),
    ...extras.fields,
  };
  if (isOpenAi && topK !== null) writing.dropped.add("topK");
  if (reasoning?.kind === "budget") writing.dropped.add("reasoning");
  for (const name of extras.dropped) writing.dropped.add(name);
  return { kind: "written", body, dropped: [...writing.dropped] };
}

function said(name: string, value: unknown): Fields {
  return value === null ? {} : { [name]: value };
}

function writeStream(streamed: boolean, provider: string): Fields {
  if (!streamed) return {};
  if (providerRow(provider)?.refusesUsageRequest === true) return { stream: true };
  return { stream: true, stream_options: { include_usage: true } };
}

function writeTool({ name, description, schema, strict, cache }: Tool, provider: string): Fields {
  const definition = {
    name,
    ...(description === "" ? {} : { description }),
    ...said("parameters", schema),
    ...said("strict", strict),
  };
  return { type: "function", function: definition, ...writeCache(cache, provider) };
}

/** OpenAI refuses both fields where there are no tools. */
function writeToolUse({ tools, toolChoice, parallelToolCalls }: Conversation, { dropped }: Writing): Fields {
  if (tools.length > 0) {
    const choice = toolChoice === null ? null : writeToolChoice(toolChoice);
    return { ...said("tool_choice", choice), ...said("parallel_tool_calls", parallelToolCalls) };
  }
  if (toolChoice !== null) dropped.add("toolChoice");
  if (parallelToolCalls !== null) dropped.add("parallelToolCalls");
  return {};
}

function writeToolChoice(choice: ToolChoice): unknown {
  return choice.kind === "tool" ? { type: "function", function: { name: choice.name } } : choice.kind;
}

function writeFormat(format: OutputFormat): Fields {
  switch (format.kind) {
    case "text":
      return { type: "text" };
    case "json":
      return { type: "json_object" };
    case "schema": {
      const described = format.description === "" ? {} : { description: format.description };
      // A name is asked for, and means nothing.
      const name = format.name === "" ? "response" : format.name;
      return { type: "json_schema", json_schema: { name, ...described, schema: format.schema, ...said("strict", format.strict) } };
    }
  }
}

/** `null`: nothing is to be said. A budget cannot be. */
function effortOf(reasoning: Reasoning): string | null {
  switch (reasoning.kind) {
    case "off":
      return "none";
    case "effort":
    case "adaptive":
      return reasoning.effort;
    case "budget":
      return null;
  }
}

function writeLogprobs(topLogprobs: number | null): Fields {
  if (topLogprobs === null) return {};
  return topLogprobs === 0 ? { logprobs: true } : { logprobs: true, top_logprobs: topLogprobs };
}
