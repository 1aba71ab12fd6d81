import * as z from "zod";
import { failure, type Failure } from "../contracts/error.ts";
import { asRecord, parseJson } from "../gateway/json.ts";
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

/** What came of a body: its items, each for itself. */
export type ReadBatch =
  | { readonly kind: "batch"; readonly items: readonly ClientEvent[]; readonly rejected: readonly Rejected[] }
  | Failure;

const bodySchema = z.strictObject({ events: z.array(z.unknown()).min(1) });

/** Reads the text `{"events": [...]}`. The list itself must be right; each item stands for itself. */
export function readBatch(text: string, nowMs: number): ReadBatch {
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
  const isDeep = levels > batchLimits.itemLevels + 2;
  const items: ClientEvent[] = [];
  const rejected: Rejected[] = [];
  for (const [index, value] of events.entries()) {
    const read = readItem(value, isDeep, nowMs);
    if (read.kind === "item") items.push(read.item);
    else rejected.push({ index, field: read.field, reason: read.reason });
  }
  return { kind: "batch", items, rejected };
}

type ReadItem = { readonly kind: "item"; readonly item: ClientEvent } | ({ readonly kind: "problem" } & Problem);

function readItem(value: unknown, isDeep: boolean, nowMs: number): ReadItem {
  const unstorable = unstorableName(value) ?? (isDeep ? tooDeep(value) : null);
  if (unstorable !== null) return { kind: "problem", ...unstorable };
  const parsed = eventSchema.safeParse(value);
  if (!parsed.success) return { kind: "problem", ...problemOf(parsed.error) };
  const problem = timesProblem(parsed.data, nowMs);
  return problem === null ? { kind: "item", item: parsed.data } : { kind: "problem", ...problem };
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
