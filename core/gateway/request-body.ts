import * as z from "zod";
import { failure, type Failure } from "../contracts/error.ts";
import type { DialectName } from "../dialects/dialect.ts";
import { providerRow } from "../providers/providers.ts";
import { asRecord, parseJson } from "./json.ts";
import { setTopLevelFields } from "./json-splice.ts";
import type { ModelReference } from "./model-reference.ts";

const model = z.string().min(1).max(512);

const stream = z.boolean().nullish();

/** Limits keep an account for each end user, under this name: no caller may make it as long as a body. */
const endUser = z.string().max(512).nullish();

/** What the gateway itself reads of a request; all else is the provider's, and passes. */
export const bodySchemas = {
  chat: z.object({
    model,
    messages: z.array(z.object({ role: z.string() })).min(1),
    stream,
    stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
    safety_identifier: endUser,
    /** The name that `safety_identifier` had before. */
    user: endUser,
  }),
  messages: z.object({
    model,
    messages: z.array(z.object({ role: z.string() })).min(1),
    max_tokens: z.int().nonnegative(),
    stream,
    metadata: z.looseObject({ user_id: endUser }).nullish(),
  }),
  "count-tokens": z.object({ model, messages: z.array(z.object({ role: z.string() })).min(1) }),
  responses: z.object({
    model,
    input: z.union([z.string(), z.array(z.looseObject({}))]).nullish(),
    stream,
    stream_options: z.looseObject({}).nullish(),
    safety_identifier: endUser,
    user: endUser,
  }),
  embedding: z.object({
    model,
    input: z.union([z.string(), z.array(z.union([z.string(), z.number(), z.array(z.number())]))]),
    stream: z.literal(false, "embeddings are not streamed").nullish(),
    stream_options: z.null().optional(),
    safety_identifier: endUser,
    user: endUser,
  }),
} as const;

/** What a call asks for, and in which API: each has a path. */
export type CallShape = keyof typeof bodySchemas;

/** The dialect of each; `embedding` is OpenAI's, as are its errors. */
export const shapeDialects = {
  chat: "chat",
  messages: "messages",
  "count-tokens": "messages",
  responses: "responses",
  embedding: "chat",
} as const satisfies Record<CallShape, DialectName>;

/** A request's body, parsed once. */
export interface RequestBody {
  readonly kind: "body";
  /** As received. */
  readonly text: string;
  /** The same, parsed. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly model: string;
  readonly streamed: boolean;
  readonly asksForUsage: boolean;
  readonly streamOptions: Readonly<Record<string, unknown>>;
  readonly user: string;
  /** Every top-level field that is not content (messages, input, instructions) and is short. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Parses and checks the fields that the gateway reads; a fault names the field. */
export function readRequestBody(shape: CallShape, text: string): RequestBody | Failure {
  const json = parseJson(text);
  if (json === undefined) return failure("invalid_json");
  const fields = asRecord(json);
  if (fields === null) return failure("invalid_json", "The request body must be a JSON object.");
  const parsed = bodySchemas[shape].safeParse(fields);
  if (!parsed.success) return fieldFailure(parsed.error);
  const read: Read = parsed.data;
  return {
    kind: "body",
    text,
    fields,
    model: read.model,
    streamed: read.stream === true,
    asksForUsage: read.stream_options?.["include_usage"] === true,
    streamOptions: read.stream_options ?? {},
    user: read.safety_identifier ?? read.user ?? read.metadata?.user_id ?? "",
    parameters: parametersOf(fields),
  };
}

/** What any of the shapes may say. */
interface Read {
  readonly model: string;
  readonly stream?: boolean | null | undefined;
  readonly stream_options?: Readonly<Record<string, unknown>> | null | undefined;
  readonly safety_identifier?: string | null | undefined;
  readonly user?: string | null | undefined;
  readonly metadata?: { readonly user_id?: string | null | undefined } | null | undefined;
}

/** A longer field (a list of tools may have megabytes) stands in the request's text alone. */
const parameterCharactersMax = 4_096;
const parametersCharactersMax = 32_768;
const content: ReadonlySet<string> = new Set(["messages", "input", "system", "instructions"]);

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
 * The body as it goes upstream in its own dialect: fields that the gateway sets (`set`), the model under its own name there and, for a stream of chat
 * completions, usage asked for where the provider takes that. `changedFields` holds what differs from what came in, as
 * JSON text; an empty one means that the bytes pass as they are.
 */
export function upstreamBody(
  shape: CallShape,
  body: RequestBody,
  { provider, model: upstreamModel }: ModelReference,
  set: Readonly<Record<string, unknown>> = {},
): { readonly text: string; readonly changedFields: Readonly<Record<string, string>> } {
  const changedFields: Record<string, string> = {};
  for (const [name, value] of Object.entries(set)) changedFields[name] = JSON.stringify(value);
  if (upstreamModel !== body.model) changedFields["model"] = JSON.stringify(upstreamModel);
  if (shape === "chat" && body.streamed && !body.asksForUsage && providerRow(provider)?.refusesUsageRequest !== true) {
    changedFields["stream_options"] = JSON.stringify({ ...body.streamOptions, include_usage: true });
  }
  return { text: Object.keys(changedFields).length === 0 ? body.text : setTopLevelFields(body.text, changedFields), changedFields };
}
