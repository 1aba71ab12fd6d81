import type { Condition } from "./conditions.ts";

interface FilterField {
  readonly label: string;
  readonly type: "text" | "number" | "boolean" | "set" | "search";
  /** What the API counts in for one that the reader writes: nano-dollars for a dollar. */
  readonly scale: number;
  readonly unit: string;
  /** Whether its values are few enough to be listed with their counts. */
  readonly isFacet: boolean;
}

const text = (label: string, isFacet = false): FilterField => ({ label, type: "text", scale: 1, unit: "", isFacet });
const facet = (label: string): FilterField => text(label, true);
const set = (label: string): FilterField => ({ ...facet(label), type: "set" });
const number = (label: string, unit = "", scale = 1): FilterField => ({ label, type: "number", scale, unit, isFacet: false });
const flag = (label: string): FilterField => ({ ...text(label), type: "boolean" });

/** What traces are filtered by here: fields of the API under their names. Beside them there is `metadata.<key>`. */
export const filterFields = {
  status: facet("Status"),
  modelRequested: facet("Model"),
  provider: facet("Provider"),
  keyId: facet("Key"),
  environment: facet("Environment"),
  servingRegion: facet("Region"),
  errorCode: facet("Error code"),
  tags: set("Tag"),
  toolNames: set("Tool"),
  release: facet("Release"),
  text: { label: "Words", type: "search", scale: 1, unit: "", isFacet: false },
  kind: text("Kind of span"),
  name: text("Name"),
  modelServed: text("Model served"),
  errorMessage: text("Error message"),
  finishReason: text("Finish reason"),
  userId: text("User"),
  sessionId: text("Session"),
  traceId: text("Trace id"),
  promptId: text("Prompt"),
  client: text("Client"),
  simulated: flag("Simulated"),
  streamed: flag("Streamed"),
  durationMs: number("Duration of a span", "ms"),
  ttftMs: number("Time to first token", "ms"),
  overheadMs: number("Gateway overhead", "ms"),
  costNanoUsd: number("Cost of a span", "$", 1e9),
  inputTokens: number("Input tokens"),
  outputTokens: number("Output tokens"),
  httpStatus: number("HTTP status"),
  "trace.durationMs": number("Duration of the trace", "ms"),
  "trace.costNanoUsd": number("Cost of the trace", "$", 1e9),
  "trace.spanCount": number("Spans of the trace"),
  "trace.errorCount": number("Errors in the trace"),
} as const satisfies Readonly<Record<string, FilterField>>;

export type FilterFieldName = keyof typeof filterFields;
export const filterFieldNames = Object.keys(filterFields).filter((name): name is FilterFieldName => Object.hasOwn(filterFields, name));
export const facetNames = filterFieldNames.filter((name) => filterFields[name].isFacet);

/** Which comparisons the reader may choose, and how they are said. */
export const operatorsOf = {
  text: { eq: "is", neq: "is not", contains: "contains", startsWith: "starts with" },
  number: { gt: ">", gte: "≥", lt: "<", lte: "≤", eq: "=" },
  boolean: { eq: "is" },
  set: { in: "has", notIn: "has not" },
  search: { contains: "contain" },
} as const satisfies Readonly<Record<FilterField["type"], Partial<Record<Condition["operator"], string>>>>;

const operatorNames: Readonly<Record<Condition["operator"], string>> = {
  eq: "is",
  neq: "is not",
  in: "is",
  notIn: "is not",
  contains: "contains",
  startsWith: "starts with",
  gt: ">",
  gte: "≥",
  lt: "<",
  lte: "≤",
  exists: "exists:",
};

export function fieldOf(name: string): FilterField {
  return Object.hasOwn(filterFields, name)
    ? (Object.entries(filterFields).find(([each]) => each === name)?.[1] ?? text(name))
    : text(name.replace(/^metadata\./, ""));
}

/** A condition in words: `Model is gpt-5`, `Duration of the trace > 2000 ms`. */
export function sayCondition({ field, operator, value }: Condition, nameOf: (field: string, value: string) => string): string {
  const { label, type, unit, scale } = fieldOf(field);
  const values = (Array.isArray(value) ? value : [value]).map((each) => {
    if (type === "number" && typeof each === "number")
      return unit === "$" ? `$${each / scale}` : `${each / scale}${unit === "" ? "" : ` ${unit}`}`;
    return each === "" ? "empty" : nameOf(field, String(each));
  });
  return `${label} ${operatorNames[operator]} ${values.join(" or ")}`;
}

/** A typed value as the API takes it; `null`: it is none of the field's type. */
export function readValue(field: string, written: string): Condition["value"] | null {
  const { type, scale } = fieldOf(field);
  switch (type) {
    case "number": {
      const number = Number(written.replace(/[$,\s]/g, ""));
      return written.trim() === "" || Number.isNaN(number) ? null : number * scale;
    }
    case "boolean":
      return written === "true";
    case "set":
      return written === "" ? null : [written];
    case "text":
    case "search":
      return written === "" ? null : written;
  }
}

/** The conditions that spans can be asked for: what is said of whole traces is left out. */
export function ofSpans(conditions: readonly Condition[]): readonly Condition[] {
  return conditions.filter(({ field }) => !field.startsWith("trace."));
}

/** Adds or takes away one value of a field that is chosen from its values. */
export function toggleValue(conditions: readonly Condition[], field: string, value: string): readonly Condition[] {
  const held = conditions.find((condition) => condition.field === field && (condition.operator === "in" || condition.operator === "eq"));
  const values = held === undefined ? [] : Array.isArray(held.value) ? held.value : [held.value];
  const next = values.includes(value) ? values.filter((each) => each !== value) : [...values, value];
  const others = conditions.filter((condition) => condition !== held);
  return next.length === 0 ? others : [...others, { field, operator: "in", value: next }];
}

export function chosenValues(conditions: readonly Condition[], field: string): ReadonlySet<string> {
  const held = conditions.find((condition) => condition.field === field && (condition.operator === "in" || condition.operator === "eq"));
  if (held === undefined) return new Set();
  return new Set((Array.isArray(held.value) ? held.value : [held.value]).map(String));
}
