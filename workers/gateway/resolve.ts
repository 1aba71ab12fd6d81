import { resolveAccess } from "#adapters/credentials.ts";
import { failure, type Failure } from "#core/contracts/error.ts";
import type { CallTarget } from "#core/gateway/call-span.ts";
import { readModelReference, type ModelReference } from "#core/gateway/model-reference.ts";
import { shapeDialects, upstreamBody, type RequestBody } from "#core/gateway/request-body.ts";
import { translateRequest } from "#core/gateway/translate-request.ts";
import { countingDialect, upstreamDialect } from "#core/providers/upstream-dialect.ts";
import { conversationUrl, countTokensUrl, embeddingsUrl } from "#core/providers/upstream-url.ts";
import type { DialectName } from "#core/dialects/dialect.ts";
import type { Call } from "./call.ts";

/** A target of a call, with what is sent there. */
export interface Resolved {
  readonly kind: "resolved";
  readonly target: CallTarget;
  /** `null`: the address takes no key. */
  readonly apiKey: string | null;
  /** `null`: the bytes pass as they came. */
  readonly changedText: string | null;
}

/** Fields of a request that the gateway sets; empty: none. */
type SetFields = Readonly<Record<string, unknown>>;

/** Where an attempt goes, by the name of its model, and what it says there. */
export async function resolve(
  { env, identity }: Call,
  body: RequestBody,
  modelName: string,
  set: SetFields = {},
): Promise<Resolved | Failure> {
  const { shape, snapshot, headers } = identity;
  const reference = readModelReference(modelName);
  if (reference.kind === "failure") return reference;
  const access = await resolveAccess(env, snapshot, reference.provider);
  if (access.kind === "failure") return access;
  const asked = headers.routing.upstreamApi ?? (shape === "count-tokens" ? countingDialect(reference.provider) : null);
  const dialect = upstreamDialect(reference.provider, reference.model, shapeDialects[shape], asked);
  if (typeof dialect !== "string") return dialect;
  const sent = write(identity, body, reference, dialect, set);
  if (sent.kind === "failure") return sent;
  const url = urlOf(shape, access.baseUrl, dialect);
  if (url === null) return failure("unsupported_field", `\`${reference.provider}\` counts no tokens.`, "model");
  return {
    kind: "resolved",
    apiKey: access.apiKey,
    changedText: sent.text,
    target: {
      provider: reference.provider,
      url,
      simulated: access.simulated,
      dialect,
      model: reference.model,
      startedAtMs: Date.now(),
      dropped: sent.dropped,
      changedFields: sent.changedFields,
    },
  };
}

function urlOf(shape: Call["identity"]["shape"], baseUrl: string, dialect: DialectName): string | null {
  if (shape === "embedding") return embeddingsUrl(baseUrl);
  return shape === "count-tokens" ? countTokensUrl(baseUrl, dialect) : conversationUrl(baseUrl, dialect);
}

interface Sent {
  readonly kind: "sent";
  readonly text: string | null;
  readonly changedFields: Readonly<Record<string, string>>;
  readonly dropped: readonly string[];
}

function write(
  { shape, headers }: Call["identity"],
  body: RequestBody,
  reference: ModelReference,
  dialect: DialectName,
  set: SetFields,
): Sent | Failure {
  const from = shapeDialects[shape];
  if (dialect === from || shape === "embedding") {
    const { text, changedFields } = upstreamBody(shape, body, reference, set);
    return { kind: "sent", text: Object.keys(changedFields).length === 0 ? null : text, changedFields, dropped: [] };
  }
  const counts = shape === "count-tokens";
  const translated = translateRequest(
    counts ? { ...body.fields, max_tokens: 1 } : { ...body.fields, ...set },
    { from, to: dialect, drops: headers.routing.dropsUnsupported },
    reference,
  );
  if (translated.kind === "failure") return translated;
  const fields = counts ? countedFields(translated.fields) : translated.fields;
  return { kind: "sent", text: JSON.stringify(fields), changedFields: shortFields(fields), dropped: translated.dropped };
}

/** What OpenAI's count of input tokens takes of a request to its Responses API. */
const counted = ["model", "input", "instructions", "tools", "tool_choice", "parallel_tool_calls", "text", "reasoning"] as const;

function countedFields(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(counted.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]])));
}

/** Of a translated request the record keeps what is short; the content is the caller's, and stands in the input. */
const shortCharacters = 1_000;
const content: ReadonlySet<string> = new Set(["messages", "input", "system", "instructions", "tools"]);

function shortFields(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const texts = Object.entries(fields).flatMap(([name, value]) => (content.has(name) ? [] : [[name, JSON.stringify(value)] as const]));
  return Object.fromEntries(texts.filter(([, text]) => text.length <= shortCharacters));
}
