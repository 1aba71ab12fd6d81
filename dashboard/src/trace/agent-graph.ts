import type { StoredSpan } from "#core/contracts/api/traces.ts";
import type { SpanLine } from "./span-tree.ts";

/** All spans of one kind and name, as one who is called and calls. */
export interface GraphNode {
  readonly key: string;
  readonly kind: StoredSpan["kind"];
  readonly name: string;
  readonly count: number;
  readonly errorCount: number;
  /** Sum of their durations, whoever they waited for. */
  readonly totalMs: number;
  /** `null`: no price of theirs is known. */
  readonly costNanoUsd: number | null;
  /** How often one of them called another of them. */
  readonly selfCount: number;
  /** Where it is drawn: how many calls it is away from a top-level span, and its place among those as far. */
  readonly layer: number;
  readonly row: number;
  readonly slowest: StoredSpan;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** How often. */
  readonly count: number;
}

export interface AgentGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** Of the node that a span stands in. */
  readonly keyOf: (span: StoredSpan) => string;
}

/** More than a screen can tell apart: names beyond are taken together, by kind. */
const namesMax = 40;

/** Who called whom. Circles and spans without their parent are as `spanTree` places them: at the top. */
export function agentGraph(lines: readonly SpanLine[]): AgentGraph {
  const keyOf = groupsOf(lines);
  const members = Map.groupBy(lines, ({ span }) => keyOf(span));
  const layers = new Map<string, number>();
  const calls = new Map<string, Map<string, number>>();
  // The lines from the top down to the last one: the parent of a line is the last that was less deep by one.
  const path: string[] = [];
  for (const { span, depth } of lines) {
    const key = keyOf(span);
    const caller = depth === 0 ? undefined : path[depth - 1];
    path.length = depth;
    path.push(key);
    if (!layers.has(key)) layers.set(key, caller === undefined ? 0 : (layers.get(caller) ?? 0) + 1);
    if (caller === undefined) continue;
    const called = calls.get(caller) ?? new Map<string, number>();
    calls.set(caller, called.set(key, (called.get(key) ?? 0) + 1));
  }
  const rows = new Map<number, number>();
  const nodes = [...members].map(([key, group]): GraphNode => {
    const layer = layers.get(key) ?? 0;
    const row = rows.get(layer) ?? 0;
    rows.set(layer, row + 1);
    return { key, layer, row, selfCount: calls.get(key)?.get(key) ?? 0, ...sumUp(key, group) };
  });
  const edges = [...calls].flatMap(([from, called]) => [...called].flatMap(([to, count]) => (from === to ? [] : [{ from, to, count }])));
  return { nodes, edges, keyOf };
}

const others = "others";

const numbers = /\d+/g;
/** Their numbers are part of what they are: `gpt-4`, `gpt-5`. */
const models: ReadonlySet<StoredSpan["kind"]> = new Set(["generation", "embedding"]);

/** Which group each span is of. Names that differ in numbers alone (`step 1`, `step 2`) are one, `step #`. */
function groupsOf(lines: readonly SpanLine[]): (span: StoredSpan) => string {
  const namesOf = new Map<string, Set<string>>();
  for (const { span } of lines) {
    const pattern = span.name.replaceAll(numbers, "#");
    const names = namesOf.get(pattern) ?? new Set<string>();
    namesOf.set(pattern, names.add(span.name));
  }
  const nameOf = ({ kind, name }: StoredSpan) => {
    const pattern = name.replaceAll(numbers, "#");
    return !models.has(kind) && (namesOf.get(pattern)?.size ?? 0) > 1 ? pattern : name;
  };
  const plainKey = (span: StoredSpan) => `${span.kind} ${nameOf(span) || span.modelRequested || span.kind}`;
  const durations = new Map<string, number>();
  for (const { span } of lines) durations.set(plainKey(span), (durations.get(plainKey(span)) ?? 0) + span.endedAtMs - span.startedAtMs);
  if (durations.size <= namesMax) return plainKey;
  const kept = new Set([...durations].sort(([, one], [, other]) => other - one).flatMap(([key], at) => (at < namesMax ? [key] : [])));
  return (span) => (kept.has(plainKey(span)) ? plainKey(span) : `${span.kind} ${others}`);
}

function sumUp(key: string, group: readonly SpanLine[]) {
  const [first] = group;
  if (first === undefined) throw new Error("a group has a span");
  const costs = group.flatMap(({ span }) => (span.cost === null ? [] : [span.cost.totalNanoUsd]));
  return {
    kind: first.span.kind,
    name: key.slice(first.span.kind.length + 1),
    count: group.length,
    errorCount: group.filter(({ span }) => span.status === "error").length,
    totalMs: group.reduce((sum, { span }) => sum + durationOf(span), 0),
    costNanoUsd: costs.length === 0 ? null : costs.reduce((sum: number, cost) => sum + cost, 0),
    slowest: group.reduce((slowest, { span }) => (durationOf(span) > durationOf(slowest) ? span : slowest), first.span),
  };
}

function durationOf({ startedAtMs, endedAtMs }: StoredSpan): number {
  return endedAtMs - startedAtMs;
}
