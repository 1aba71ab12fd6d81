import { formatDuration } from "../format/numbers.ts";
import { Status } from "../ui/status.tsx";
import type { SpanLine } from "./span-tree.ts";

interface WaterfallProps {
  readonly lines: readonly SpanLine[];
  readonly chosenId: string;
  readonly onChoose: (spanId: string) => void;
}

/** Spans under one another, each where it stood in time; the lighter end of a bar comes after the first token. */
export function Waterfall({ lines, chosenId, onChoose }: WaterfallProps) {
  const startMs = Math.min(...lines.map((line) => line.span.startedAtMs));
  const lengthMs = Math.max(1, Math.max(...lines.map((line) => line.span.endedAtMs)) - startMs);
  const percent = (ms: number) => `${(Math.max(0, Math.min(1, ms / lengthMs)) * 100).toFixed(3)}%`;
  return (
    <section className="waterfall" aria-label="Spans">
      <div className="waterfall-scale" aria-hidden="true">
        {[0, 0.25, 0.5, 0.75, 1].map((share) => (
          <span key={share}>{formatDuration(lengthMs * share)}</span>
        ))}
      </div>
      <ol>
        {lines.map(({ span, depth }) => (
          <li key={span.spanId}>
            <button type="button" className="waterfall-row" aria-pressed={span.spanId === chosenId} onClick={() => onChoose(span.spanId)}>
              <span className="waterfall-name" style={{ paddingInlineStart: `${Math.min(depth, 8) * 14}px` }}>
                <span className={`kind kind-${span.kind}`}>{span.kind}</span>
                <span className="waterfall-label">{span.name || span.modelRequested}</span>
                {span.status !== "ok" && <Status status={span.status} />}
              </span>
              <span className="waterfall-track">
                <span
                  className={`waterfall-bar bar-${span.status}`}
                  style={{ insetInlineStart: percent(span.startedAtMs - startMs), inlineSize: percent(span.endedAtMs - span.startedAtMs) }}
                >
                  {span.ttftMs !== null && span.streamed && (
                    <span className="waterfall-first" style={{ inlineSize: `${firstTokenPercent(span)}%` }} />
                  )}
                </span>
              </span>
              <span className="waterfall-duration">{formatDuration(span.endedAtMs - span.startedAtMs)}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

function firstTokenPercent(span: { readonly startedAtMs: number; readonly endedAtMs: number; readonly ttftMs: number | null }): number {
  return Math.min(100, (100 * (span.ttftMs ?? 0)) / Math.max(1, span.endedAtMs - span.startedAtMs));
}
