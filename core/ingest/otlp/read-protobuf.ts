import { toHex } from "../../bytes.ts";
import { attributeLevelsMax, fromDouble, fromInteger, type AttributeValue, type Attributes } from "./attribute.ts";
import {
  msOfNanos,
  type OtlpEvent,
  type OtlpLink,
  type OtlpScope,
  type OtlpSpan,
  type ReadRequest,
  type UnreadableSpan,
} from "./export-request.ts";
import {
  enter,
  leave,
  nextTag,
  readBytes,
  readDouble,
  readFixed64,
  readInteger,
  readText,
  readVarint,
  skip,
  wireReader,
  wireTypes,
  type WireReader,
} from "./wire.ts";

// Field numbers are those of opentelemetry/proto 1.x (trace.proto, common.proto, resource.proto), as tags.
const { varint, fixed64, bytes } = wireTypes;
const tag = (field: number, type: number): number => field * 8 + type;

/** What a message's fields do to what is made of it, by tag. */
type Fields<Draft> = ReadonlyMap<number, (reader: WireReader, draft: Draft) => void>;

function fieldsOf<Draft>(...rows: readonly (readonly [tag: number, read: (reader: WireReader, draft: Draft) => void])[]): Fields<Draft> {
  return new Map(rows);
}

/** Reads a message into its draft; fields that are not known are passed over. */
function readMessage<Draft>(reader: WireReader, fields: Fields<Draft>, draft: Draft): Draft {
  const outerEnd = enter(reader);
  readFields(reader, fields, draft);
  leave(reader, outerEnd);
  return draft;
}

function readFields<Draft>(reader: WireReader, fields: Fields<Draft>, draft: Draft): void {
  for (let next = nextTag(reader); next !== 0; next = nextTag(reader)) {
    const read = fields.get(next);
    if (read === undefined) skip(reader, next);
    else read(reader, draft);
  }
}

type Mutable<Value> = { -readonly [Field in keyof Value]: Value[Field] };
interface Attributed {
  readonly attributes: [string, AttributeValue][];
}

/** An `AnyValue`'s alternatives by tag. */
const values: ReadonlyMap<number, (reader: WireReader, level: number) => AttributeValue> = new Map<
  number,
  (reader: WireReader, level: number) => AttributeValue
>([
  [tag(1, bytes), readText],
  [tag(2, varint), (reader) => readVarint(reader) !== 0],
  [tag(3, varint), readIntegerValue],
  [tag(4, fixed64), (reader) => fromDouble(readDouble(reader))],
  [tag(5, bytes), (reader, level) => readElements(reader, (inner) => readValue(inner, level + 1))],
  [tag(6, bytes), (reader, level) => Object.fromEntries(readElements(reader, (inner) => readKeyValue(inner, level + 1)))],
  [tag(7, bytes), (reader) => toHex(readBytes(reader))],
]);

function readIntegerValue(reader: WireReader): AttributeValue {
  const value = readInteger(reader);
  return typeof value === "number" ? value : fromInteger(value);
}

function readValue(reader: WireReader, level: number): AttributeValue {
  const outerEnd = enter(reader);
  let value: AttributeValue = null;
  if (level > attributeLevelsMax) reader.isBroken = true;
  else {
    for (let next = nextTag(reader); next !== 0; next = nextTag(reader)) {
      const read = values.get(next);
      if (read === undefined) skip(reader, next);
      else value = read(reader, level);
    }
  }
  leave(reader, outerEnd);
  return value;
}

/** The repeated field 1 of an `ArrayValue` or a `KeyValueList`. */
function readElements<Element>(reader: WireReader, readElement: (reader: WireReader) => Element): Element[] {
  const elements: Element[] = [];
  const outerEnd = enter(reader);
  for (let next = nextTag(reader); next !== 0; next = nextTag(reader)) {
    if (next === keyTag) elements.push(readElement(reader));
    else skip(reader, next);
  }
  leave(reader, outerEnd);
  return elements;
}

const keyTag = tag(1, bytes);
const valueTag = tag(2, bytes);

function readKeyValue(reader: WireReader, level: number): [string, AttributeValue] {
  const outerEnd = enter(reader);
  let name = "";
  let value: AttributeValue = null;
  for (let next = nextTag(reader); next !== 0; next = nextTag(reader)) {
    if (next === keyTag) name = readText(reader);
    else if (next === valueTag) value = readValue(reader, level);
    else skip(reader, next);
  }
  leave(reader, outerEnd);
  return [name, value];
}

function readAttribute(reader: WireReader, { attributes }: Attributed): void {
  attributes.push(readKeyValue(reader, 0));
}

const eventFields = fieldsOf<Mutable<OtlpEvent> & Attributed>(
  [tag(1, fixed64), (reader, event) => (event.atMs = msOfNanos(readFixed64(reader)))],
  [tag(2, bytes), (reader, event) => (event.name = readText(reader))],
  [tag(3, bytes), readAttribute],
);

const linkFields = fieldsOf<Mutable<OtlpLink> & Attributed>(
  [tag(1, bytes), (reader, link) => (link.traceId = toHex(readBytes(reader)))],
  [tag(2, bytes), (reader, link) => (link.spanId = toHex(readBytes(reader)))],
  [tag(4, bytes), readAttribute],
);

interface SpanDraft extends Mutable<OtlpSpan> {
  attributes: Attributed["attributes"];
  events: OtlpEvent[];
  links: OtlpLink[];
  /** A log record has its time where a span has its trace's id; otherwise both are written alike. */
  isLog: boolean;
}

const statusFields = fieldsOf<SpanDraft>(
  [tag(2, bytes), (reader, span) => (span.statusMessage = readText(reader))],
  [tag(3, varint), (reader, span) => (span.statusCode = readVarint(reader))],
);

const spanFields = fieldsOf<SpanDraft>(
  [tag(1, bytes), (reader, span) => (span.traceId = toHex(readBytes(reader)))],
  [
    tag(1, fixed64),
    (reader, span) => {
      span.isLog = true;
      readFixed64(reader);
    },
  ],
  [tag(2, bytes), (reader, span) => (span.spanId = toHex(readBytes(reader)))],
  [tag(3, bytes), (reader, span) => (span.traceState = readText(reader))],
  [tag(4, bytes), (reader, span) => (span.parentSpanId = toHex(readBytes(reader)))],
  [tag(5, bytes), (reader, span) => (span.name = readText(reader))],
  [tag(6, varint), (reader, span) => (span.kind = readVarint(reader))],
  [tag(7, fixed64), (reader, span) => (span.startedAtMs = msOfNanos(readFixed64(reader)))],
  [tag(8, fixed64), (reader, span) => (span.endedAtMs = msOfNanos(readFixed64(reader)))],
  [tag(9, bytes), readAttribute],
  [tag(10, varint), (reader, span) => (span.droppedAttributes = readVarint(reader))],
  [tag(11, bytes), (reader, span) => void span.events.push(readMessage(reader, eventFields, { name: "", atMs: 0, attributes: [] }))],
  [tag(12, varint), (reader, span) => (span.droppedEvents = readVarint(reader))],
  [tag(13, bytes), (reader, span) => void span.links.push(readMessage(reader, linkFields, { traceId: "", spanId: "", attributes: [] }))],
  [tag(15, bytes), (reader, span) => void readMessage(reader, statusFields, span)],
);

function readSpan(reader: WireReader): SpanDraft | UnreadableSpan {
  const span: SpanDraft = {
    traceId: "",
    spanId: "",
    parentSpanId: "",
    traceState: "",
    name: "",
    kind: 0,
    startedAtMs: 0,
    endedAtMs: 0,
    attributes: [],
    events: [],
    links: [],
    statusCode: 0,
    statusMessage: "",
    droppedAttributes: 0,
    droppedEvents: 0,
    isLog: false,
  };
  const outerEnd = enter(reader);
  // Its length is wrong: then nothing that follows can be found either.
  if (reader.isBroken) return { unreadable: "is cut short" };
  readFields(reader, spanFields, span);
  const isUnreadable = reader.isBroken && !span.isLog;
  reader.isBroken = false;
  leave(reader, outerEnd);
  return isUnreadable ? { unreadable: "is no protobuf message of a span, or nests too deep" } : span;
}

interface ScopeDraft {
  scope: OtlpScope;
  readonly spans: (SpanDraft | UnreadableSpan)[];
}

const scopeFields = fieldsOf<Mutable<OtlpScope> & Attributed>(
  [tag(1, bytes), (reader, scope) => (scope.name = readText(reader))],
  [tag(2, bytes), (reader, scope) => (scope.version = readText(reader))],
  [tag(3, bytes), readAttribute],
);

const scopeSpansFields = fieldsOf<ScopeDraft>(
  [tag(1, bytes), (reader, draft) => (draft.scope = readMessage(reader, scopeFields, { name: "", version: "", attributes: [] }))],
  [tag(2, bytes), (reader, draft) => void draft.spans.push(readSpan(reader))],
);

interface ResourceDraft {
  resource: Attributes;
  readonly scopes: ScopeDraft[];
}

const resourceFields = fieldsOf<Attributed>([tag(1, bytes), readAttribute]);

const resourceSpansFields = fieldsOf<ResourceDraft>(
  [tag(1, bytes), (reader, draft) => (draft.resource = readMessage(reader, resourceFields, { attributes: [] }).attributes)],
  [
    tag(2, bytes),
    (reader, draft) =>
      void draft.scopes.push(readMessage(reader, scopeSpansFields, { scope: { name: "", version: "", attributes: [] }, spans: [] })),
  ],
);

const requestFields = fieldsOf<ResourceDraft[]>([
  tag(1, bytes),
  (reader, resources) => void resources.push(readMessage(reader, resourceSpansFields, { resource: [], scopes: [] })),
]);

/** Reads an `ExportTraceServiceRequest`. A span whose own bytes are broken is unreadable alone. */
export function readProtobuf(body: Uint8Array): ReadRequest {
  const reader = wireReader(body);
  const resources: ResourceDraft[] = [];
  readFields(reader, requestFields, resources);
  const spans = resources.flatMap(({ scopes }) => scopes.flatMap((scope) => scope.spans));
  if (spans.some((span) => "isLog" in span && span.isLog)) return { kind: "other-signal", signal: "logs" };
  return reader.isBroken ? { kind: "broken", reason: "The body is no protobuf message, or is cut short." } : { kind: "spans", resources };
}
