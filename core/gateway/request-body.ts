import * as z from "zod";
import { failure, type Failure } from "../contracts/error.ts";
import { providerRow } from "../providers/providers.ts";
import { asRecord, parseJson } from "./json.ts";
import { setTopLevelFields } from "./json-splice.ts";
import type { ModelReference } from "./model-reference.ts";

const model = z.string().min(1).max(512);

/** What the gateway itself reads of a request; all else is the provider's, and passes. */
export const bodySchemas = {
  chat: z.object({
    model,
    messages: z.array(z.object({ role: z.string() })).min(1),
    stream: z.boolean().nullish(),
    stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
    safety_identifier: z.string().nullish(),
    /** The name that `safety_identifier` had before. */
    user: z.string().nullish(),
  }),
  embedding: z.object({
    model,
    input: z.union([z.string(), z.array(z.union([z.string(), z.number(), z.array(z.number())]))]),
    stream: z.literal(false, "embeddings are not streamed").nullish(),
    stream_options: z.null().optional(),
    safety_identifier: z.string().nullish(),
    user: z.string().nullish(),
  }),
} as const;

/** Which of the two request shapes a path takes. */
export type BodyShape = keyof typeof bodySchemas;

/** A request's body, parsed once. */
export interface RequestBody {
  readonly kind: "body";
  /** As received. */
  readonly text: string;
  readonly model: string;
  readonly streamed: boolean;
  readonly asksForUsage: boolean;
  readonly streamOptions: Readonly<Record<string, unknown>>;
  readonly user: string;
  /** Every top-level field that is not content (neither messages nor input) and is short. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Parses and checks the fields that the gateway reads; a fault names the field. */
export function readRequestBody(shape: BodyShape, text: string): RequestBody | Failure {
  const json = parseJson(text);
  if (json === undefined) return failure("invalid_json");
  const fields = asRecord(json);
  if (fields === null) return failure("invalid_json", "The request body must be a JSON object.");
  const parsed = bodySchemas[shape].safeParse(fields);
  if (!parsed.success) return fieldFailure(parsed.error);
  return {
    kind: "body",
    text,
    model: parsed.data.model,
    streamed: parsed.data.stream === true,
    asksForUsage: parsed.data.stream_options?.include_usage === true,
    streamOptions: parsed.data.stream_options ?? {},
    user: parsed.data.safety_identifier ?? parsed.data.user ?? "",
    parameters: parametersOf(fields),
  };
}

/** A longer field (a list of tools may have megabytes) stands in the request's text alone. */
const parameterCharactersMax = 4_096;
const parametersCharactersMax = 32_768;
const content: ReadonlySet<string> = new Set(["messages", "input"]);

function parametersOf(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const short: [string, unknown][] = [];
  let charactersLeft = parametersCharactersMax;
  for (const [name, value] of Object.entries(fields)) {
    if (content.has(name)) continue;
    const characters = name.length + charactersOf(value, parameterCharactersMax);
    if (characters > parameterCharactersMax || characters > charactersLeft) continue;
    charactersLeft -= characters;
    short.push([name, value]);
  }
  return Object.fromEntries(short);
}

/** About how long a value's JSON is. Counting ends above `max`, so that a large value costs no more than a small one. */
function charactersOf(value: unknown, max: number): number {
  if (typeof value === "string") return value.length + 2;
  if (typeof value !== "object" || value === null || max < 0) return scalarCharacters;
  const elements: Iterable<readonly [string | number, unknown]> = Array.isArray(value) ? value.entries() : Object.entries(value);
  let characters = 2;
  for (const [name, element] of elements) {
    characters += String(name).length + charactersOf(element, max - characters);
    if (characters > max) break;
  }
  return characters;
}

/** Numbers, booleans and `null`. */
const scalarCharacters = 4;

function fieldFailure(error: z.ZodError): Failure {
  const issue = error.issues[0];
  const path = issue === undefined ? "" : issue.path.map(String).join(".");
  return failure("invalid_field", `\`${path}\`: ${issue?.message ?? "invalid"}`, path);
}

/**
 * The body as it goes upstream: the model under its own name there and, for a stream, usage asked for where the
 * provider takes that. `changedFields` holds what differs from what came in, as JSON text; an empty one means that the
 * bytes pass as they are.
 */
export function upstreamBody(
  body: RequestBody,
  { provider, model: upstreamModel }: ModelReference,
): { readonly text: string; readonly changedFields: Readonly<Record<string, string>> } {
  const changedFields: Record<string, string> = {};
  if (upstreamModel !== body.model) changedFields["model"] = JSON.stringify(upstreamModel);
  if (body.streamed && !body.asksForUsage && providerRow(provider)?.refusesUsageRequest !== true) {
    changedFields["stream_options"] = JSON.stringify({ ...body.streamOptions, include_usage: true });
  }
  return { text: Object.keys(changedFields).length === 0 ? body.text : setTopLevelFields(body.text, changedFields), changedFields };
}
