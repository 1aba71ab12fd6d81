import type { StoredSpan } from "#core/contracts/api/traces.ts";

/** A span in its place: children follow their parent, oldest first. */
export interface SpanLine {
  readonly span: StoredSpan;
  readonly depth: number;
}

/**
 * Spans in any order → lines of a tree. A span whose parent has not arrived (or is none) stands at the top level, and
 * so does one of a circle: every span gets exactly one line.
 */
export function spanTree(spans: readonly StoredSpan[]): SpanLine[] {
  const oldestFirst = [...spans].sort((one, other) => one.startedAtMs - other.startedAtMs || (one.spanId < other.spanId ? -1 : 1));
  const known = new Set<string>(oldestFirst.map((span) => span.spanId));
  const children = Map.groupBy(oldestFirst, (span) =>
    span.parentSpanId !== null && known.has(span.parentSpanId) ? span.parentSpanId : "",
  );
  const lines: SpanLine[] = [];
  const placed = new Set<string>();
  const place = (span: StoredSpan, depth: number): void => {
    if (placed.has(span.spanId)) return;
    placed.add(span.spanId);
    lines.push({ span, depth });
    for (const child of children.get(span.spanId) ?? []) place(child, depth + 1);
  };
  for (const root of children.get("") ?? []) place(root, 0);
  for (const span of oldestFirst) place(span, 0);
  return lines;
}
