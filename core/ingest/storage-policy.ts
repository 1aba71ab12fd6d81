import { errors } from "../contracts/error.ts";
import type { StoragePolicy } from "../contracts/policy.ts";
import type { Score } from "../contracts/score.ts";
import type { Payload, Span } from "../contracts/span.ts";
import { asRecord, parseJson } from "../gateway/json.ts";
import { maskerOf, type Masker } from "./masking/masker.ts";

/**
 * A span as its project wants it kept. Every span goes through here before it is durable anywhere. One of a project that keeps
 * all is given back as it is.
 */
export function applyStoragePolicy(span: Span, { payloads, masking }: StoragePolicy): Span {
  const kept = payloads === "off" ? withoutPayloads(span) : span;
  return masking.length === 0 ? kept : masked(kept, maskerOf(masking));
}

/** The same of a score, whose words are its label, its comment and its metadata; without payloads no comment, which may quote them. */
export function applyStoragePolicyToScore(score: Score, { payloads, masking }: StoragePolicy): Score {
  const kept = payloads === "off" ? { ...score, comment: "" } : score;
  if (masking.length === 0) return kept;
  const masker = maskerOf(masking);
  const { text } = masker;
  return {
    ...kept,
    name: text(kept.name),
    label: text(kept.label),
    comment: text(kept.comment),
    sessionId: text(kept.sessionId),
    metadata: fieldsOf(kept.metadata, masker, (value, mask) => mask ?? maskedScalar(value, text)),
  };
}

const off: Payload = { kind: "omitted", reason: "payloads-off" };

/** Fields of a request that say how to answer, in words of the API: they hold nothing that was said. */
const settingNames: ReadonlySet<string> = new Set([
  "encoding_format",
  "model",
  "reasoning_effort",
  "service_tier",
  "tool_choice",
  "truncation",
  "verbosity",
]);

/** Without input and output, and without what else may quote them: instructions and tools, errors, fields that were changed. */
function withoutPayloads(span: Span): Span {
  const { error, upstreamRequest } = span;
  return {
    ...span,
    error: error === null ? null : { ...error, message: publicTextOf(error.code) },
    parameters: Object.fromEntries(Object.entries(span.parameters).filter(([name, value]) => isSetting(name, value))),
    input: isSaid(span.input) ? off : span.input,
    output: isSaid(span.output) ? off : span.output,
    upstreamRequest: upstreamRequest === null ? null : { ...upstreamRequest, changedFields: {} },
  };
}

function isSaid(payload: Payload): boolean {
  return payload.kind !== "omitted";
}

function isSetting(name: string, value: unknown): boolean {
  return value === null || typeof value === "number" || typeof value === "boolean" || (typeof value === "string" && settingNames.has(name));
}

function publicTextOf(code: string): string {
  return Object.entries(errors).find(([name]) => name === code)?.[1].publicText ?? "";
}

/**
 * With masks in all free text. Ids, times, figures, names of models, providers, environments and releases, the upstream's
 * address and the client's user agent stay: they say nothing of people, and are searched by.
 */
function masked(span: Span, masker: Masker): Span {
  const { text } = masker;
  const { error, upstreamRequest } = span;
  return {
    ...span,
    name: text(span.name),
    error: error === null ? null : { ...error, message: text(error.message) },
    userId: text(span.userId),
    sessionId: text(span.sessionId),
    tags: span.tags.map(text),
    metadata: fieldsOf(span.metadata, masker, (value, mask) => mask ?? maskedScalar(value, text)),
    parameters: asRecord(parseJson(text(JSON.stringify(span.parameters)))) ?? {},
    toolNames: span.toolNames.map(text),
    usageRaw: text(span.usageRaw),
    input: maskedPayload(span.input, text),
    output: maskedPayload(span.output, text),
    upstreamRequest:
      upstreamRequest === null
        ? null
        : {
            ...upstreamRequest,
            changedFields: fieldsOf(upstreamRequest.changedFields, masker, (value, mask) =>
              mask === null ? maskedJson(value, text) : JSON.stringify(mask),
            ),
          },
  };
}

/** A record with masked names; a value is masked as its field's name says, or as text. */
function fieldsOf<Value>(
  record: Readonly<Record<string, Value>>,
  { text, field }: Masker,
  mask: (value: Value, mask: string | null) => Value,
): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [field(name) === null ? text(name) : name, mask(value, field(name))]),
  );
}

type Scalar = Span["metadata"][string];

function maskedScalar(value: Scalar, text: Masker["text"]): Scalar {
  if (typeof value === "string") return text(value);
  if (typeof value !== "number" || !Number.isInteger(value)) return value;
  const plain = String(value);
  const maskedText = text(plain);
  return maskedText === plain ? value : maskedText;
}

/** JSON text of any kind, also a string alone. */
function maskedJson(json: string, text: Masker["text"]): string {
  const value = parseJson(json);
  return typeof value === "string" ? JSON.stringify(text(value)) : text(json);
}

function maskedPayload(payload: Payload, text: Masker["text"]): Payload {
  switch (payload.kind) {
    case "inline":
      return { ...payload, text: text(payload.text) };
    case "reference":
      // Its content was masked before it was moved.
      return { ...payload, preview: text(payload.preview) };
    case "omitted":
      return payload;
  }
}
