import type { Cost } from "../../contracts/cost.ts";
import { isNanoUsd, type NanoUsd } from "../../contracts/money.ts";
import type { Usage } from "../../contracts/usage.ts";
import { asRecord, parseJson } from "../../gateway/json.ts";
import { senderCost } from "../sender-cost.ts";
import { numberOf, textOf, type AttributeValue } from "./attribute.ts";
import type { Collected } from "./collect.ts";
import type { Fact } from "./sources.ts";
import { unflatten, unwrap } from "./unflatten.ts";
import { countingOf, fromDetails, toBuckets, tokensOf } from "./usage.ts";

export function valueOf({ facts }: Collected, fact: Fact): AttributeValue | undefined {
  return facts.get(fact)?.value;
}

/** A fact as text; empty where it is not told. */
export function textFact(collected: Collected, fact: Fact): string {
  return textOf(valueOf(collected, fact) ?? null);
}

/** A fact that is JSON, as text or as a map of attributes. */
function recordFact(collected: Collected, fact: Fact): Readonly<Record<string, unknown>> | null {
  const value = valueOf(collected, fact);
  return asRecord(typeof value === "string" ? parseJson(value) : value);
}

/** A list of texts: one, or JSON of one, or a text with commas. */
export function listFact(collected: Collected, fact: Fact): string[] {
  const value = valueOf(collected, fact);
  if (value === undefined || value === null) return [];
  const list: unknown = typeof value === "string" && value.startsWith("[") ? parseJson(value) : value;
  if (Array.isArray(list)) return list.map(String);
  return textOf(value)
    .split(",")
    .map((element) => element.trim())
    .filter((element) => element !== "");
}

/** Milliseconds to the first token, by the unit of the attribute that tells it. */
const timesToFirstToken: Readonly<Record<string, (value: AttributeValue, startedAtMs: number) => number | null>> = {
  "gen_ai.response.time_to_first_chunk": secondsToMs,
  "gen_ai.client.operation.time_to_first_chunk": secondsToMs,
  "ai.response.msToFirstChunk": (value) => numberOf(value),
  "langfuse.observation.completion_start_time": (value, startedAtMs) => {
    // Their SDK writes the time as JSON, so within quotes of its own.
    const atMs = Date.parse(textOf(value).replaceAll('"', ""));
    return Number.isNaN(atMs) ? null : atMs - startedAtMs;
  },
};

function secondsToMs(value: AttributeValue): number | null {
  const seconds = numberOf(value);
  return seconds === null ? null : seconds * 1000;
}

export function ttftOf({ facts }: Collected, startedAtMs: number): number | null {
  const said = facts.get("timeToFirstToken");
  const ttftMs = said === undefined ? null : (timesToFirstToken[said.name]?.(said.value, startedAtMs) ?? null);
  return ttftMs !== null && ttftMs >= 0 ? ttftMs : null;
}

/** The model that was asked for; OpenInference tells it among the parameters. */
export function modelRequestedOf(collected: Collected): string {
  const told = textFact(collected, "modelRequested");
  const model = told === "" ? recordFact(collected, "invocationParameters")?.["model"] : told;
  return typeof model === "string" ? model : "";
}

/** Every parameter of the call, by its name at the provider where that is known. */
export function parametersOf(collected: Collected): Record<string, unknown> {
  const parameters = new Map<string, unknown>(Object.entries(recordFact(collected, "invocationParameters") ?? {}));
  const members = collected.families.get("parameters") ?? [];
  // Of two conventions that name the same, the first was sent first.
  for (const [name, value] of members.toReversed()) parameters.set(name, value);
  const tools = collected.families.get("tools");
  const definitions = valueOf(collected, "toolDefinitions") ?? (tools === undefined ? undefined : unwrap(unflatten(tools)));
  if (definitions !== undefined) parameters.set("tools", structured(definitions));
  const toolChoice = valueOf(collected, "toolChoice");
  if (toolChoice !== undefined) parameters.set("tool_choice", structured(toolChoice));
  parameters.delete("model");
  parameters.delete("__proto__");
  return Object.fromEntries(parameters);
}

/** JSON text as what it says, in lists too. */
function structured(value: AttributeValue): unknown {
  if (Array.isArray(value)) return value.map(structured);
  return typeof value === "string" ? (parseJson(value) ?? value) : value;
}

/** A span's own usage in exclusive buckets; `null`: it tells none. */
export function usageOf(collected: Collected, scope: string, provider: string): Usage | null {
  const details = recordFact(collected, "usageDetails");
  if (details !== null) return fromDetails(details);
  const told = (fact: Fact): boolean => collected.facts.has(fact);
  if (!told("inputTokens") && !told("outputTokens") && !told("plainInputTokens")) return null;
  const tokens = (fact: Fact): number => tokensOf(valueOf(collected, fact));
  return toBuckets(
    {
      input: tokens("inputTokens"),
      output: tokens("outputTokens"),
      total: tokens("totalTokens"),
      plainInput: told("plainInputTokens") ? tokens("plainInputTokens") : null,
      cacheRead: tokens("cacheReadTokens"),
      cacheWrite: tokens("cacheWriteTokens"),
      reasoning: tokens("reasoningTokens"),
      inputAudio: tokens("inputAudioTokens"),
      outputAudio: tokens("outputAudioTokens"),
    },
    countingOf(scope, provider),
  );
}

function nanoUsd(usd: unknown): NanoUsd | null {
  const nano = Math.round((numberOf(typeof usd === "string" || typeof usd === "number" ? usd : undefined) ?? -1) * 1e9);
  return nano >= 0 && isNanoUsd(nano) ? nano : null;
}

/** What a span cost by the sender's word; `null`: it does not say. */
export function costOf(collected: Collected): Cost | null {
  const details = recordFact(collected, "costDetails");
  const input = nanoUsd(details?.["input"] ?? valueOf(collected, "inputCostUsd"));
  const output = nanoUsd(details?.["output"] ?? valueOf(collected, "outputCostUsd"));
  const sum = input === null && output === null ? null : (input ?? 0) + (output ?? 0);
  const total = nanoUsd(details?.["total"] ?? valueOf(collected, "costUsd")) ?? (sum !== null && isNanoUsd(sum) ? sum : null);
  if (total === null) return null;
  return senderCost(total, { ...(input === null ? {} : { input }), ...(output === null ? {} : { output }) });
}
