import type { Failure } from "../../contracts/error.ts";
import type { Conversation, Reasoning, Turn } from "../conversation.ts";
import { Findings, shapes, type Fields } from "./findings.ts";
import { readInput } from "./read-input.ts";
import { textBlock } from "./read-parts.ts";
import { readFormat, readToolChoice, readTools } from "./read-tools.ts";

/** Values of `include` with a meaning here: what is always asked for, and what a field of a conversation says. */
export const includes = { seals: "reasoning.encrypted_content", logprobs: "message.output_text.logprobs" } as const;

/** What a field is that changes nothing: OpenAI's own default, or what the gateway asks for itself (`store`). */
const defaults: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["store", false],
  ["background", false],
  ["truncation", "disabled"],
]);

/** The fields that a conversation has a counterpart of, whole or in part. */
const known: ReadonlySet<string> = new Set([
  "model",
  "stream",
  "stream_options",
  "instructions",
  "input",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "max_output_tokens",
  "temperature",
  "top_p",
  "top_logprobs",
  "include",
  "text",
  "reasoning",
  "service_tier",
  "user",
  "safety_identifier",
]);

/** What stands for the input where there is none. */
const references = ["previous_response_id", "conversation", "prompt"] as const;

/** Reads the body of `POST /responses`. A fault names the field (`input.2.content.0.type`). */
export function readRequest(body: Fields): Conversation | Failure {
  const findings = new Findings();
  const text = findings.optional(body["text"], "text", shapes.record) ?? {};
  const conversation: Conversation = {
    model: findings.text(body["model"], "model"),
    streamed: findings.optional(body["stream"], "stream", shapes.flag) ?? false,
    turns: readTurns(body, findings),
    tools: readTools(body["tools"], findings),
    toolChoice: readToolChoice(body["tool_choice"], findings),
    parallelToolCalls: findings.optional(body["parallel_tool_calls"], "parallel_tool_calls", shapes.flag),
    maxOutputTokens: findings.optional(body["max_output_tokens"], "max_output_tokens", shapes.count),
    temperature: findings.optional(body["temperature"], "temperature", shapes.number),
    topP: findings.optional(body["top_p"], "top_p", shapes.number),
    topK: null,
    stopSequences: [],
    format: readFormat(text["format"], findings),
    reasoning: readReasoning(body["reasoning"], findings),
    serviceTier: findings.optional(body["service_tier"], "service_tier", shapes.text),
    user: readUser(body, findings),
    topLogprobs: readLogprobs(body, findings),
    extras: findings.extras,
  };
  findings.note("verbosity", findings.optional(text["verbosity"], "text.verbosity", shapes.text));
  findings.noteRest(text, new Set(["format", "verbosity"]), "text");
  const streamOptions = findings.optional(body["stream_options"], "stream_options", shapes.record) ?? {};
  // Events that are written here are not padded.
  findings.noteRest(streamOptions, new Set(["include_obfuscation"]), "stream_options");
  for (const [name, value] of Object.entries(body)) {
    if (!known.has(name) && defaults.get(name) !== value) findings.note(name, value);
  }
  return findings.fault ?? conversation;
}

function readTurns(body: Fields, findings: Findings): readonly Turn[] {
  const instructions = findings.optional(body["instructions"], "instructions", shapes.text) ?? "";
  const leading: readonly Turn[] = instructions === "" ? [] : [{ role: "system", blocks: [textBlock(instructions)] }];
  const isElsewhere = references.some((name) => (body[name] ?? null) !== null);
  const input = body["input"] ?? (isElsewhere ? [] : undefined);
  return [...leading, ...readInput(input, findings)];
}

function readReasoning(value: unknown, findings: Findings): Reasoning | null {
  const fields = findings.optional(value, "reasoning", shapes.record);
  if (fields === null) return null;
  findings.noteRest(fields, new Set(["effort"]), "reasoning");
  const effort = findings.optional(fields["effort"], "reasoning.effort", shapes.text);
  if (effort === null) return null;
  return effort === "none" ? { kind: "off" } : { kind: "effort", effort };
}

/** The newer name wins; the older one is noted where it says something else. */
function readUser(body: Fields, findings: Findings): string | null {
  const user = findings.optional(body["user"], "user", shapes.text);
  const identifier = findings.optional(body["safety_identifier"], "safety_identifier", shapes.text);
  if (identifier !== null && user !== identifier) findings.note("user", user);
  return identifier ?? user;
}

function readLogprobs(body: Fields, findings: Findings): number | null {
  const include = findings.optional(body["include"], "include", shapes.list) ?? [];
  const rest = include.filter((name) => name !== includes.seals && name !== includes.logprobs);
  findings.note("include", rest);
  const count = findings.optional(body["top_logprobs"], "top_logprobs", shapes.count) ?? 0;
  return count > 0 || include.includes(includes.logprobs) ? count : null;
}
