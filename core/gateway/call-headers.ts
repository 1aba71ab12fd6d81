import * as z from "zod";
import { failure, type Failure } from "../contracts/error.ts";
import { spanIdSchema, traceIdSchema, type SpanId, type TraceId } from "../contracts/id.ts";
import type { DialectName } from "../dialects/dialect.ts";
import { asRecord, parseJson } from "./json.ts";

/** All headers of a request, names in lower case. */
export type RequestHeaders = Iterable<readonly [name: string, value: string]>;

/** What a caller says of a call beside its body. */
export interface CallHeaders {
  readonly kind: "headers";
  /** `null`: the gateway chooses. */
  readonly traceId: TraceId | null;
  readonly parentSpanId: SpanId | null;
  readonly sessionId: string;
  readonly userId: string;
  readonly environment: string;
  readonly release: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string | number | boolean>>;
  readonly timeouts: Timeouts;
  readonly routing: Routing;
}

/** Which targets are tried, and how. */
export interface Routing {
  /** Models as in a body's `model`, in the order in which they are tried, in place of the body's own. Empty: the body's. */
  readonly route: readonly string[];
  /** How often a target is tried again before the next one is. */
  readonly retries: number;
  /** Whether fields that a target's API lacks are left out, and named in the answer; else such a target is refused. */
  readonly dropsUnsupported: boolean;
  /** The API to speak with the target, where it offers several; `null`: the caller's own if it can be. */
  readonly upstreamApi: DialectName | null;
}

export const defaultRouting: Routing = { route: [], retries: 0, dropsUnsupported: false, upstreamApi: null };

/** How long the gateway waits for a provider. */
export interface Timeouts {
  /** Until the headers of a plain answer, or the first event of a stream. */
  readonly firstTokenMs: number;
  /** Between two chunks of an answer. */
  readonly idleMs: number;
  readonly totalMs: number;
}

/** Reasoning models think for minutes before their first token; OpenAI's own clients wait ten. */
export const defaultTimeouts: Timeouts = { firstTokenMs: 600_000, idleMs: 60_000, totalMs: 900_000 };

/**
 * Each fact's header, and the names under which users of other gateways already send it. A wrong value under our own
 * name is refused; under another's name, where other rules hold, it is kept as metadata.
 */
const names = {
  traceId: ["x-evalforge-trace-id", "x-portkey-trace-id"],
  sessionId: ["x-evalforge-session-id", "helicone-session-id", "x-litellm-session-id"],
  userId: ["x-evalforge-user-id", "helicone-user-id", "x-litellm-end-user-id"],
  environment: ["x-evalforge-environment"],
  release: ["x-evalforge-release"],
  name: ["x-evalforge-name", "helicone-session-name"],
  tags: ["x-evalforge-tags", "x-litellm-tags"],
  metadata: ["x-evalforge-metadata", "x-portkey-metadata", "cf-aig-metadata"],
  firstTokenMs: ["x-evalforge-first-token-timeout-ms"],
  idleMs: ["x-evalforge-idle-timeout-ms"],
  totalMs: ["x-evalforge-total-timeout-ms"],
  route: ["x-evalforge-route"],
  retries: ["x-evalforge-retries", "helicone-retry-num", "x-portkey-retry-count", "x-litellm-num-retries"],
  unsupported: ["x-evalforge-unsupported"],
  upstreamApi: ["x-evalforge-upstream-api"],
} as const;

const label = z.string().max(200);
const traceId = traceIdSchema.nullable();
const tags = z.array(label).max(50);
const scalar = z.union([z.string(), z.number(), z.boolean()]);
const metadataSchema = z.record(z.string(), scalar);
/** Others allow any JSON: what is deeper than ours is kept as its text. */
const foreignMetadataSchema = z.record(z.string(), scalar.or(z.unknown().transform((value) => JSON.stringify(value))));
const timeoutSchema = z.coerce.number().int().min(1).max(3_600_000);
const routeSchema = z.array(z.string().min(1).max(512)).min(1).max(8);
const retriesSchema = z.coerce.number().int().min(0).max(5);
const unsupportedSchema = z.enum(["refuse", "drop"]);
const dialectSchema = z.enum(["chat", "messages", "responses"]).nullable();
/** W3C Trace Context, version 00. */
const traceparentPattern = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;

const knownNames = new Set<string>(["traceparent", ...Object.values(names).flat()]);
const noHeaders: CallHeaders = {
  kind: "headers",
  traceId: null,
  parentSpanId: null,
  sessionId: "",
  userId: "",
  environment: "",
  release: "",
  name: "",
  tags: [],
  metadata: {},
  timeouts: defaultTimeouts,
  routing: defaultRouting,
};

/** Reads the request's headers; a wrong value under a name of ours is refused by that name. */
export function readCallHeaders(all: RequestHeaders): CallHeaders | Failure {
  const sent = new Map<string, string>();
  for (const [name, value] of all) if (knownNames.has(name)) sent.set(name, value);
  return sent.size === 0 ? noHeaders : readKnown(sent);
}

function readKnown(sent: ReadonlyMap<string, string>): CallHeaders | Failure {
  const faults: Failure[] = [];
  /** What came under another gateway's name and cannot be what it is for us. */
  const foreign = new Map<string, string>();
  const read = <Value>(
    field: keyof typeof names,
    schema: z.ZodType<Value>,
    absent: Value,
    parse: (text: string) => unknown = String,
  ): Value => {
    const name = names[field].find((candidate) => sent.has(candidate));
    if (name === undefined) return absent;
    const text = sent.get(name) ?? "";
    const parsed = schema.safeParse(parse(text));
    if (parsed.success) return parsed.data;
    if (name === names[field][0])
      faults.push(failure("invalid_header", `The header \`${name}\`: ${parsed.error.issues[0]?.message ?? "invalid"}`, name));
    else foreign.set(name, text);
    return absent;
  };
  // A parent that is not W3C's is ignored, as its specification asks of every receiver.
  const parent = traceparentPattern.exec(sent.get("traceparent") ?? "");
  const parentTraceId = traceIdSchema.safeParse(parent?.[1]);
  const parentSpanId = spanIdSchema.safeParse(parent?.[2]);
  const given = read("traceId", traceId, null, (text) => text.toLowerCase().replaceAll("-", ""));
  // Portkey's trace ids are any text: one that is no trace id here still holds its calls together, as a session does.
  const [foreignTrace] = foreign;
  let sessionId = read("sessionId", label, "");
  if (sessionId === "" && foreignTrace !== undefined && label.safeParse(foreignTrace[1]).success) {
    sessionId = foreignTrace[1];
    foreign.delete(foreignTrace[0]);
  }
  const headers: CallHeaders = {
    kind: "headers",
    traceId: given ?? parentTraceId.data ?? null,
    parentSpanId: given === null && parentTraceId.success ? (parentSpanId.data ?? null) : null,
    sessionId,
    userId: read("userId", label, ""),
    environment: read("environment", label, ""),
    release: read("release", label, ""),
    name: read("name", label, ""),
    tags: read("tags", tags, [], listOf),
    metadata: read("metadata", sent.has(names.metadata[0]) ? metadataSchema : foreignMetadataSchema, {}, (text) =>
      asRecord(parseJson(text)),
    ),
    timeouts: {
      firstTokenMs: read("firstTokenMs", timeoutSchema, defaultTimeouts.firstTokenMs),
      idleMs: read("idleMs", timeoutSchema, defaultTimeouts.idleMs),
      totalMs: read("totalMs", timeoutSchema, defaultTimeouts.totalMs),
    },
    routing: {
      route: read("route", routeSchema, [], listOf),
      retries: read("retries", retriesSchema, defaultRouting.retries),
      dropsUnsupported: read("unsupported", unsupportedSchema, "refuse") === "drop",
      upstreamApi: read("upstreamApi", dialectSchema, null),
    },
  };
  const [fault] = faults;
  if (fault !== undefined) return fault;
  return foreign.size === 0 ? headers : { ...headers, metadata: { ...headers.metadata, ...Object.fromEntries(foreign) } };
}

function listOf(text: string): readonly string[] {
  return text
    .split(",")
    .map((element) => element.trim())
    .filter((element) => element !== "");
}
