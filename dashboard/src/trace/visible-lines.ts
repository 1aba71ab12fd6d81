import type { SpanLine } from "./span-tree.ts";

export interface VisibleLine extends SpanLine {
  readonly hasChildren: boolean;
}

/** The lines that are left when what is below the closed spans is not shown. */
export function visibleLines(lines: readonly SpanLine[], closed: ReadonlySet<string>): readonly VisibleLine[] {
  const visible: VisibleLine[] = [];
  let closedDepth = Infinity;
  for (const [at, line] of lines.entries()) {
    if (line.depth > closedDepth) continue;
    closedDepth = closed.has(line.span.spanId) ? line.depth : Infinity;
    visible.push({ ...line, hasChildren: (lines[at + 1]?.depth ?? 0) > line.depth });
  }
  return visible;
}
