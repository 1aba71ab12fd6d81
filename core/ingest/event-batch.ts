import * as z from "zod";
import { failure, type Failure } from "../contracts/error.ts";
import { asRecord, parseJson } from "../gateway/json.ts";
import { guardOf } from "../guard.ts";
import { spanEventSchema, type SpanEvent } from "./event-span.ts";
import { eventSchema, timesProblem, type ClientEvent, type Problem } from "./event.ts";
import { isDeeperThan, nestingOf } from "./nesting.ts";

/** What one request to `POST /v1/events` may hold; a body counts as it is when unpacked. */
export const batchLimits = {
  bytes: 5 * 1024 * 1024,
  items: 1000,
  /** Levels of JSON in one item. */
  itemLevels: 100,
  /** Levels of JSON in the whole body: past this it is not read, so that its memory stays bounded. */
  bodyLevels: 10_000,
} as const;

export const limitsText = `A request holds at most ${batchLimits.bytes} bytes (5 MB, unpacked) and ${batchLimits.items} items.`;

/** One item that was not taken; `index` counts in the request's list. */
export interface Rejected extends Problem {
  readonly index: number;
}

/** What came of a list: its items, each for itself. */
export interface ReadBatch {
  readonly kind: "batch";
  readonly items: readonly ClientEvent[];
  readonly rejected: readonly Rejected[];
}

const bodySchema = z.strictObject({ events: z.array(z.unknown()).min(1) });

/** The list of a body, of which nothing has been looked at yet. */
export interface SentBatch {
  readonly kind: "sent";
  readonly values: readonly unknown[];
  /** Some item may nest too deep. */
  readonly isDeep: boolean;
}

/** Reads the text `{"events": [...]}`, which itself must be right. */
export function parseBatch(text: string): SentBatch | Failure {
  const levels = nestingOf(text, batchLimits.bodyLevels);
  if (levels > batchLimits.bodyLevels) return failure("invalid_json", `The body nests deeper than ${batchLimits.bodyLevels} levels.`);
  const json = parseJson(text);
  if (json === undefined) return failure("invalid_json");
  const parsed = bodySchema.safeParse(json);
  if (!parsed.success) {
    const { field, reason } = problemOf(parsed.error);
    return failure("invalid_field", field === null ? reason : `\`${field}\`: ${reason}`, field);
  }
  const { events } = parsed.data;
  if (events.length > batchLimits.items) return failure("request_too_large", `There are ${events.length} items. ${limitsText}`, "events");
  // The list and the body are two levels of their own.
  return { kind: "sent", values: events, isDeep: levels > batchLimits.itemLevels + 2 };
}

/** Most items are spans that are right; what this does not take may be right too. */
const spanGuard = guardOf(spanEventSchema);

/** Whether all of a batch may be stored as it was sent: every item is a span, and nothing is wrong with any. */
export function areRightSpans({ values, isDeep }: SentBatch, nowMs: number): boolean {
  return !isDeep && values.every((value) => spanGuard.fits(value) && timesProblem(value, nowMs) === null);
}

/** A span as it was sent; `null`: it is none. The value must be nobody else's. */
export function readSpanEvent(value: unknown): SpanEvent | null {
  return spanGuard.takes(value) ? value : (spanEventSchema.safeParse(value).data ?? null);
}

/** Reads the items of a list, each of which stands for itself. */
export function readItems({ values, isDeep }: SentBatch, nowMs: number): ReadBatch {
  const items: ClientEvent[] = [];
  const rejected: Rejected[] = [];
  for (const [index, value] of values.entries()) {
    const read = readItem(value, isDeep, nowMs);
    if (read.kind === "item") items.push(read.item);
    else rejected.push({ index, field: read.field, reason: read.reason });
  }
  return { kind: "batch", items, rejected };
}

type ReadItem = { readonly kind: "item"; readonly item: ClientEvent } | ({ readonly kind: "problem" } & Problem);

function readItem(value: unknown, isDeep: boolean, nowMs: number): ReadItem {
  // What the guard takes has no name that cannot be stored.
  if (!isDeep && spanGuard.takes(value)) return withTimes(value, nowMs);
  const unstorable = unstorableName(value) ?? (isDeep ? tooDeep(value) : null);
  if (unstorable !== null) return { kind: "problem", ...unstorable };
  const parsed = eventSchema.safeParse(value);
  if (!parsed.success) return { kind: "problem", ...problemOf(parsed.error) };
  return withTimes(parsed.data, nowMs);
}

function withTimes(item: ClientEvent, nowMs: number): ReadItem {
  const problem = timesProblem(item, nowMs);
  return problem === null ? { kind: "item", item } : { kind: "problem", ...problem };
}

/** Fields whose names the sender chooses. */
const namedFields = ["metadata", "parameters"] as const;

/** The one name that a JavaScript object cannot be given as other names are: it would be lost on the way without a word. */
function unstorableName(value: unknown): Problem | null {
  const item = asRecord(value);
  const field = namedFields.find((name) => Object.hasOwn(asRecord(item?.[name]) ?? {}, "__proto__"));
  return field === undefined ? null : { field: `${field}.__proto__`, reason: "must have another name" };
}

function tooDeep(value: unknown): Problem | null {
  const reason = `must not nest deeper than ${batchLimits.itemLevels} levels`;
  const item = asRecord(value);
  if (item === null) return isDeeperThan(value, batchLimits.itemLevels) ? { field: null, reason } : null;
  const field = Object.keys(item).find((name) => isDeeperThan(item[name], batchLimits.itemLevels - 1));
  return field === undefined ? null : { field, reason };
}

/** A name of a field may be as long as the body: of a longer one the beginning is told. */
const fieldCharactersMax = 300;

function fieldOf(path: readonly PropertyKey[]): string | null {
  const field = path.map(String).join(".");
  if (field.length > fieldCharactersMax) return `${field.slice(0, fieldCharactersMax)}…`;
  return path.length === 0 ? null : field;
}

/** The first thing that is wrong, by field. */
function problemOf({ issues: [issue] }: z.ZodError): Problem {
  if (issue === undefined) return { field: null, reason: "is not valid" };
  if (issue.code === "unrecognized_keys") {
    return { field: fieldOf([...issue.path, issue.keys[0] ?? ""]), reason: "is not a field that there is" };
  }
  const { message } = (issue.code === "invalid_key" ? issue.issues[0] : undefined) ?? issue;
  return { field: fieldOf(issue.path), reason: message };
}
