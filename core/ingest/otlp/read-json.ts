import * as z from "zod";
import { asRecord, parseJson } from "../../gateway/json.ts";
import { nestingOf } from "../nesting.ts";
import { attributeLevelsMax, fromInteger, type AttributeValue, type Attributes } from "./attribute.ts";
import { msOfNanos, type OtlpSpan, type ReadRequest, type UnreadableSpan } from "./export-request.ts";

/** An attribute's level is a few of JSON; the rest of a request has ten. */
const jsonLevelsMax = attributeLevelsMax * 4 + 20;

/** Of protobuf's JSON: what is left out, or `null`, is the default. */
function field<Schema extends z.ZodType>(schema: Schema, otherwise: z.output<Schema>) {
  return schema.nullish().transform((value) => value ?? otherwise);
}

const text = field(z.string(), "");
/** Epoch nanoseconds: their digits as text, or a number, which may be rounded. */
const nanos = field(
  z
    .union([z.string().regex(/^\d{1,20}$/, "must be nanoseconds"), z.number().nonnegative().max(1.8e19)])
    .transform((value) => msOfNanos(BigInt(typeof value === "number" ? Math.trunc(value) : value))),
  0,
);
const count = field(z.union([z.number(), z.string().transform(Number)]), 0);
const list = field(z.array(z.unknown()), []);
const attributes = list.transform(readAttributes);

/** Enumerations are numbers; some senders write their names. */
function enumeration(names: readonly string[]) {
  return field(z.union([z.int(), z.string().transform((name) => names.indexOf(name))]), 0);
}

const spanSchema = z
  .object({
    traceId: text.transform((id) => id.toLowerCase()),
    spanId: text.transform((id) => id.toLowerCase()),
    parentSpanId: text.transform((id) => id.toLowerCase()),
    traceState: text,
    name: text,
    kind: enumeration([
      "SPAN_KIND_UNSPECIFIED",
      "SPAN_KIND_INTERNAL",
      "SPAN_KIND_SERVER",
      "SPAN_KIND_CLIENT",
      "SPAN_KIND_PRODUCER",
      "SPAN_KIND_CONSUMER",
    ]),
    startTimeUnixNano: nanos,
    endTimeUnixNano: nanos,
    attributes,
    events: field(z.array(z.object({ timeUnixNano: nanos, name: text, attributes })), []),
    links: field(z.array(z.object({ traceId: text, spanId: text, attributes })), []),
    status: field(z.object({ message: text, code: enumeration(["STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"]) }), {
      message: "",
      code: 0,
    }),
    droppedAttributesCount: count,
    droppedEventsCount: count,
  })
  .transform(({ startTimeUnixNano, endTimeUnixNano, events, status, droppedAttributesCount, droppedEventsCount, ...span }): OtlpSpan => ({
    ...span,
    startedAtMs: startTimeUnixNano,
    endedAtMs: endTimeUnixNano,
    events: events.map(({ timeUnixNano, ...event }) => ({ ...event, atMs: timeUnixNano })),
    statusCode: status.code,
    statusMessage: status.message,
    droppedAttributes: droppedAttributesCount,
    droppedEvents: droppedEventsCount,
  }));

const requestSchema = z.object({
  resourceSpans: field(
    z.array(
      z
        .object({
          resource: field(z.object({ attributes }), { attributes: [] }),
          scopeSpans: field(
            z.array(
              z.object({
                scope: field(z.object({ name: text, version: text, attributes }), { name: "", version: "", attributes: [] }),
                spans: list.transform((spans) => spans.map(readSpan)),
              }),
            ),
            [],
          ),
        })
        .transform(({ resource, scopeSpans }) => ({ resource: resource.attributes, scopes: scopeSpans })),
    ),
    [],
  ),
});

const otherSignals = { resourceLogs: "logs", resourceMetrics: "metrics" } as const;

/** Reads an `ExportTraceServiceRequest` as protobuf's JSON. A span that is none is unreadable alone. */
export function readJsonRequest(body: string): ReadRequest {
  if (body.trim() === "") return { kind: "spans", resources: [] };
  if (nestingOf(body, jsonLevelsMax) > jsonLevelsMax)
    return { kind: "broken", reason: `The body nests deeper than ${jsonLevelsMax} levels.` };
  const json = parseJson(body);
  if (json === undefined) return { kind: "broken", reason: "The body is not JSON." };
  const other = Object.entries(otherSignals).find(([name]) => asRecord(json)?.[name] !== undefined);
  if (other !== undefined) return { kind: "other-signal", signal: other[1] };
  const parsed = requestSchema.safeParse(json);
  if (parsed.success) return { kind: "spans", resources: parsed.data.resourceSpans };
  const [issue] = parsed.error.issues;
  return { kind: "broken", reason: `\`${issue?.path.join(".") ?? ""}\`: ${issue?.message ?? "invalid"}` };
}

function readSpan(value: unknown): OtlpSpan | UnreadableSpan {
  const parsed = spanSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return { unreadable: `\`${issue?.path.join(".") ?? ""}\`: ${issue?.message ?? "invalid"}` };
}

function readAttributes(pairs: readonly unknown[]): Attributes {
  return pairs.flatMap((pair): Attributes => {
    const record = asRecord(pair);
    return typeof record?.["key"] === "string" ? [[record["key"], readValue(record["value"])]] : [];
  });
}

/** An `AnyValue`; what is none of its alternatives is nothing. */
function readValue(value: unknown): AttributeValue {
  const any = asRecord(value);
  if (any === null) return null;
  const { stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue, bytesValue } = any;
  if (typeof stringValue === "string") return stringValue;
  if (typeof boolValue === "boolean") return boolValue;
  if (typeof intValue === "string" && /^-?\d{1,19}$/.test(intValue)) return fromInteger(BigInt(intValue));
  if (typeof intValue === "number") return intValue;
  // "NaN" and "Infinity" are text there too.
  if (typeof doubleValue === "number" || typeof doubleValue === "string") return doubleValue;
  if (typeof bytesValue === "string") return bytesValue;
  const elements = asRecord(arrayValue)?.["values"];
  if (Array.isArray(elements)) return elements.map(readValue);
  const pairs = asRecord(kvlistValue)?.["values"];
  if (Array.isArray(pairs)) return Object.fromEntries(readAttributes(pairs));
  return asRecord(arrayValue) === null ? null : [];
}
