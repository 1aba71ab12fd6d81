import type { Failure } from "../../contracts/error.ts";
import type { Conversation } from "../conversation.ts";
import { readFormat, readReasoning } from "./read-output.ts";
import { readToolChoice, readTools } from "./read-tools.ts";
import { readTurns } from "./read-turns.ts";
import { FieldReader, type Fields, restOf } from "./request-fields.ts";
import { readServiceTier } from "./service-tier.ts";

const requestNames = new Set([
  "model",
  "stream",
  "system",
  "messages",
  "tools",
  "tool_choice",
  "max_tokens",
  "temperature",
  "top_p",
  "top_k",
  "stop_sequences",
  "output_config",
  "thinking",
  "service_tier",
  "metadata",
]);
const metadataNames = new Set(["user_id"]);

/** A request to Anthropic's `/v1/messages`. */
export function readRequest(body: Fields): Conversation | Failure {
  const read = new FieldReader();
  const extras = new Map<string, unknown>();
  const conversation: Conversation = {
    model: read.text(body, "", "model"),
    streamed: read.optionalBoolean(body, "", "stream") ?? false,
    maxOutputTokens: read.tokens(body, "", "max_tokens"),
    turns: readTurns(body, read, extras),
    tools: readTools(body, read, extras),
    ...readToolChoice(body, read, extras),
    temperature: readTemperature(body, read),
    topP: read.optionalNumber(body, "", "top_p"),
    topK: read.optionalNumber(body, "", "top_k"),
    stopSequences: readStopSequences(body, read),
    format: readFormat(body, read, extras),
    reasoning: readReasoning(body, read, extras),
    serviceTier: readTier(body, read),
    user: readUser(body, read, extras),
    topLogprobs: null,
    extras,
  };
  for (const [suffix, value] of restOf(body, requestNames)) extras.set(suffix.slice(1), value);
  return read.fault ?? conversation;
}

function readTemperature(body: Fields, read: FieldReader): number | null {
  const temperature = read.optionalNumber(body, "", "temperature");
  if (temperature !== null && (temperature < 0 || temperature > 1)) read.refuse("temperature", "must be from 0 to 1");
  return temperature;
}

function readStopSequences(body: Fields, read: FieldReader): readonly string[] {
  const sequences: string[] = [];
  read.optionalList(body, "", "stop_sequences").forEach((sequence, index) => {
    if (typeof sequence === "string") sequences.push(sequence);
    else read.refuse(`stop_sequences.${index}`, "must be text");
  });
  return sequences;
}

function readTier(body: Fields, read: FieldReader): string | null {
  const tier = read.optionalText(body, "", "service_tier");
  if (tier === null) return null;
  const word = readServiceTier(tier);
  if (word === null) read.refuse("service_tier", "must be `auto` or `standard_only`");
  return word;
}

function readUser(body: Fields, read: FieldReader, extras: Map<string, unknown>): string | null {
  const metadata = read.optionalRecord(body, "", "metadata");
  if (metadata === null) return null;
  for (const [suffix, value] of restOf(metadata, metadataNames)) extras.set(`metadata${suffix}`, value);
  return read.optionalText(metadata, "metadata", "user_id");
}
