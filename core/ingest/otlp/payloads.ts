import type { Payload } from "../../contracts/span.ts";
import { parseJson } from "../../gateway/json.ts";
import type { AttributeValue } from "./attribute.ts";
import type { Collected } from "./collect.ts";
import type { Fact } from "./sources.ts";
import { unflatten, unwrap } from "./unflatten.ts";

const none: Payload = { kind: "omitted", reason: "none" };

/** Whether a text is meant as JSON: by how it begins and ends, since reading all of it would cost more than the rest. */
function looksLikeJson(text: string): boolean {
  const trimmed = text.trim();
  return (trimmed.startsWith("{") && trimmed.endsWith("}")) || (trimmed.startsWith("[") && trimmed.endsWith("]"));
}

function payloadOf(value: AttributeValue, mediaType: AttributeValue | undefined): Payload {
  if (value === null || value === "") return none;
  if (typeof value !== "string") return { kind: "inline", mediaType: "application/json", text: JSON.stringify(value) };
  if (typeof mediaType === "string") return { kind: "inline", mediaType, text: value };
  return { kind: "inline", mediaType: looksLikeJson(value) ? "application/json" : "text/plain", text: value };
}

/** JSON text as the JSON that it is, to stand inside other JSON; any other value as its JSON. */
function asJson(value: AttributeValue): string {
  return typeof value === "string" && looksLikeJson(value) && parseJson(value) !== undefined ? value : JSON.stringify(value);
}

function json(text: string): Payload {
  return { kind: "inline", mediaType: "application/json", text };
}

/** What went in: an attribute, messages of many attributes, or messages in events of the span, whichever there is first. */
export function inputOf(collected: Collected, messages: readonly AttributeValue[]): Payload {
  const { facts } = collected;
  const value = facts.get("input")?.value;
  const flattened = collected.families.get("inputMessages");
  const system = facts.get("systemInstructions")?.value;
  if (value !== undefined && system !== undefined) return json(`{"system":${asJson(system)},"messages":${asJson(value)}}`);
  // A whole body of a request says no more than its messages, and its parameters are told beside it.
  if (flattened !== undefined && (value === undefined || facts.get("input")?.name === "input.value")) {
    return json(`{"messages":${JSON.stringify(unwrap(unflatten(flattened)))}}`);
  }
  if (value !== undefined) return payloadOf(value, mediaTypeOf(collected, "input", "input.value", "inputMediaType"));
  if (messages.length > 0) return json(`{"messages":${JSON.stringify(messages)}}`);
  return system === undefined ? none : json(`{"system":${asJson(system)}}`);
}

/** What came out, by the same order. */
export function outputOf(collected: Collected, choices: readonly AttributeValue[]): Payload {
  const { facts } = collected;
  const value = facts.get("output")?.value;
  const flattened = collected.families.get("outputMessages");
  if (flattened !== undefined && (value === undefined || facts.get("output")?.name === "output.value")) {
    return json(JSON.stringify(unwrap(unflatten(flattened))));
  }
  if (value !== undefined) return payloadOf(value, mediaTypeOf(collected, "output", "output.value", "outputMediaType"));
  const text = facts.get("responseText")?.value;
  const toolCalls = facts.get("responseToolCalls")?.value;
  if (toolCalls !== undefined) return json(`{"text":${JSON.stringify(text ?? "")},"toolCalls":${asJson(toolCalls)}}`);
  if (text !== undefined) return payloadOf(text, "text/plain");
  return choices.length === 0 ? none : json(JSON.stringify(choices));
}

/** OpenInference tells the media type of its own attribute. */
function mediaTypeOf({ facts }: Collected, fact: Fact, ofName: string, typeFact: Fact): AttributeValue | undefined {
  return facts.get(fact)?.name === ofName ? facts.get(typeFact)?.value : undefined;
}
