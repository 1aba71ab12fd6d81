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
  // A chain may be longer than the stack is deep.
  const place = (root: StoredSpan): void => {
    const waiting: SpanLine[] = [{ span: root, depth: 0 }];
    for (let line = waiting.pop(); line !== undefined; line = waiting.pop()) {
      const { span, depth } = line;
      if (placed.has(span.spanId)) continue;
      placed.add(span.spanId);
      lines.push(line);
      for (const child of (children.get(span.spanId) ?? []).toReversed()) waiting.push({ span: child, depth: depth + 1 });
    }
  };
  for (const root of children.get("") ?? []) place(root);
  for (const span of oldestFirst) place(span);
  return lines;
}
