import type { Failure } from "../../contracts/error.ts";
import type { Conversation, OutputFormat, Reasoning } from "../conversation.ts";
import { isIdle } from "./extras.ts";
import { FieldReader } from "./field-reader.ts";
import { readMessages } from "./read-messages.ts";
import { readToolChoice, readTools } from "./read-tools.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A body of `POST /chat/completions`. */
export function readRequest(body: Fields): Conversation | Failure {
  const reader = new FieldReader();
  const text = (name: string) => reader.text(body[name], name) || null;
  const conversation: Conversation = {
    model: reader.requiredText(body["model"], "model"),
    streamed: reader.flag(body["stream"], "stream") ?? false,
    turns: readMessages(body["messages"], reader),
    tools: readTools(body["tools"], reader),
    toolChoice: readToolChoice(body["tool_choice"], reader),
    parallelToolCalls: reader.flag(body["parallel_tool_calls"], "parallel_tool_calls"),
    maxOutputTokens: readMaxTokens(body, reader),
    temperature: reader.number(body["temperature"], "temperature"),
    topP: reader.number(body["top_p"], "top_p"),
    topK: reader.count(body["top_k"], "top_k", 0),
    stopSequences: readStopSequences(body["stop"], reader),
    format: readFormat(body["response_format"], reader),
    reasoning: readReasoning(body["reasoning_effort"], reader),
    serviceTier: text("service_tier"),
    user: readUser(text("safety_identifier"), text("user"), reader),
    topLogprobs: readTopLogprobs(body, reader),
    extras: reader.extras,
  };
  reader.keepRest(Object.fromEntries(Object.entries(body).filter(([name, value]) => !isIdle(name, value))), readNames, "");
  return reader.fault ?? conversation;
}

const readNames: ReadonlySet<string> = new Set([
  "model",
  "stream",
  // The gateway's own business: it always asks for a stream's usage.
  "stream_options",
  "messages",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "max_completion_tokens",
  "max_tokens",
  "temperature",
  "top_p",
  "top_k",
  "stop",
  "response_format",
  "reasoning_effort",
  "service_tier",
  "safety_identifier",
  "user",
  "logprobs",
  "top_logprobs",
]);

/** `max_tokens` is the older name, and gives way. */
function readMaxTokens(body: Fields, reader: FieldReader): number | null {
  const older = reader.count(body["max_tokens"], "max_tokens", 1);
  return reader.count(body["max_completion_tokens"], "max_completion_tokens", 1) ?? older;
}

function readStopSequences(value: unknown, reader: FieldReader): readonly string[] {
  if (value === undefined || value === null || value === "") return [];
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.map((sequence, index) => reader.requiredText(sequence, `stop.${index}`));
  reader.refuse("stop", "must be a string or a list of strings");
  return [];
}

/** A format of another type than OpenAI's three is a provider's own, and an extra. */
function readFormat(value: unknown, reader: FieldReader): OutputFormat | null {
  if (value === undefined || value === null) return null;
  const format = reader.fields(value, "response_format");
  switch (reader.requiredText(format["type"], "response_format.type")) {
    case "text":
      return { kind: "text" };
    case "json_object":
      return { kind: "json" };
    case "json_schema": {
      const place = "response_format.json_schema";
      const schema = reader.fields(format["json_schema"], place);
      reader.keepRest(schema, schemaNames, place);
      return {
        kind: "schema",
        name: reader.requiredText(schema["name"], `${place}.name`),
        description: reader.text(schema["description"], `${place}.description`) ?? "",
        schema: reader.fields(schema["schema"] ?? {}, `${place}.schema`),
        strict: reader.flag(schema["strict"], `${place}.strict`),
      };
    }
    default:
      reader.extras.set("response_format", format);
      return null;
  }
}
const schemaNames: ReadonlySet<string> = new Set(["name", "description", "schema", "strict"]);

function readReasoning(value: unknown, reader: FieldReader): Reasoning | null {
  const effort = reader.text(value, "reasoning_effort");
  if (effort === null || effort === "") return null;
  return effort === "none" ? { kind: "off" } : { kind: "effort", effort };
}

/** `user` is the older name: where both stand and differ, it is an extra. */
function readUser(identifier: string | null, user: string | null, reader: FieldReader): string | null {
  if (identifier !== null && user !== null && user !== identifier) reader.extras.set("user", user);
  return identifier ?? user;
}

function readTopLogprobs(body: Fields, reader: FieldReader): number | null {
  const isAsked = reader.flag(body["logprobs"], "logprobs") ?? false;
  const count = reader.count(body["top_logprobs"], "top_logprobs", 0) ?? 0;
  if (!isAsked && count > 0) reader.refuse("top_logprobs", "asks for alternatives without `logprobs`");
  return isAsked ? count : null;
}
