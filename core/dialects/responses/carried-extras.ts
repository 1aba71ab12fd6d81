import { shapes, type Fields } from "./findings.ts";

/** The objects of a request that an extra may stand in; `body`: the request itself. */
type Home = "body" | "text" | "reasoning";

/** Where an extra stands, and what it must be: another dialect's may have the same name and mean something else. */
interface Place {
  readonly home: Home;
  readonly name: string;
  readonly shape: { readonly is: (value: unknown) => boolean };
}

const textOrRecord = { is: (value: unknown) => shapes.text.is(value) || shapes.record.is(value) };

const places: ReadonlyMap<string, Place> = new Map<string, Place>([
  ["background", { home: "body", name: "background", shape: shapes.flag }],
  ["context_management", { home: "body", name: "context_management", shape: shapes.list }],
  ["conversation", { home: "body", name: "conversation", shape: textOrRecord }],
  ["include", { home: "body", name: "include", shape: shapes.list }],
  ["max_tool_calls", { home: "body", name: "max_tool_calls", shape: shapes.count }],
  ["metadata", { home: "body", name: "metadata", shape: shapes.record }],
  ["moderation", { home: "body", name: "moderation", shape: shapes.record }],
  ["previous_response_id", { home: "body", name: "previous_response_id", shape: shapes.text }],
  ["prompt", { home: "body", name: "prompt", shape: shapes.record }],
  ["prompt_cache_key", { home: "body", name: "prompt_cache_key", shape: shapes.text }],
  ["prompt_cache_options", { home: "body", name: "prompt_cache_options", shape: shapes.record }],
  ["prompt_cache_retention", { home: "body", name: "prompt_cache_retention", shape: shapes.text }],
  ["store", { home: "body", name: "store", shape: shapes.flag }],
  ["truncation", { home: "body", name: "truncation", shape: shapes.text }],
  ["verbosity", { home: "text", name: "verbosity", shape: shapes.text }],
  ["reasoning.context", { home: "reasoning", name: "context", shape: shapes.text }],
  ["reasoning.generate_summary", { home: "reasoning", name: "generate_summary", shape: shapes.text }],
  ["reasoning.mode", { home: "reasoning", name: "mode", shape: shapes.text }],
  ["reasoning.summary", { home: "reasoning", name: "summary", shape: shapes.text }],
]);

/** What of the extras goes into each object, by its name there, and the names of those that this dialect cannot say. */
export interface CarriedExtras extends Readonly<Record<Home, Fields>> {
  readonly dropped: readonly string[];
}

export function carryExtras(extras: ReadonlyMap<string, unknown>): CarriedExtras {
  const homes: Record<Home, [string, unknown][]> = { body: [], text: [], reasoning: [] };
  const dropped: string[] = [];
  for (const [name, value] of extras) {
    const place = places.get(name);
    if (place?.shape.is(value) === true) homes[place.home].push([place.name, value]);
    else dropped.push(name);
  }
  return {
    body: Object.fromEntries(homes.body),
    text: Object.fromEntries(homes.text),
    reasoning: Object.fromEntries(homes.reasoning),
    dropped,
  };
}
