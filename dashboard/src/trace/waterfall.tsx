import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef, useState, type KeyboardEvent } from "react";
import { formatMetric, numberOf } from "../format/metric.ts";
import { formatDuration } from "../format/numbers.ts";
import { ChevronIcon } from "../ui/icons.tsx";
import { Status } from "../ui/status.tsx";
import type { SpanLine } from "./span-tree.ts";
import { visibleLines, type VisibleLine } from "./visible-lines.ts";

const rowPx = 30;
const rowsMax = 16;

interface WaterfallProps {
  readonly lines: readonly SpanLine[];
  readonly chosenId: string;
  readonly onChoose: (spanId: string) => void;
}

/**
 * Spans under one another, each where it stood in time; the lighter end of a bar comes after the first token. Only the rows
 * in sight are drawn. Up and down go through the spans, left and right close and open what is below one.
 */
export function Waterfall({ lines, chosenId, onChoose }: WaterfallProps) {
  const scroll = useRef<HTMLDivElement>(null);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const visible = useMemo(() => visibleLines(lines, closed), [lines, closed]);
  const startMs = useMemo(() => lines.reduce((least, { span }) => Math.min(least, span.startedAtMs), Infinity), [lines]);
  const endMs = useMemo(() => lines.reduce((most, { span }) => Math.max(most, span.endedAtMs), -Infinity), [lines]);
  const lengthMs = Math.max(1, endMs - startMs);
  // What it returns changes with every scroll, and is passed to no memo.
  // oxlint-disable-next-line react/incompatible-library
  const virtualizer = useVirtualizer({
    count: visible.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowPx,
    overscan: 8,
  });
  const toggle = (spanId: string) => {
    const next = new Set(closed);
    if (!next.delete(spanId)) next.add(spanId);
    setClosed(next);
  };
  const choose = (at: number) => {
    const line = visible[at];
    if (line === undefined) return;
    onChoose(line.span.spanId);
    virtualizer.scrollToIndex(at);
    requestAnimationFrame(() => scroll.current?.querySelector<HTMLElement>(`[data-at="${at}"]`)?.focus({ preventScroll: true }));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = visible.findIndex(({ span }) => span.spanId === chosenId);
    const line = visible[at];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      choose(Math.max(0, Math.min(visible.length - 1, at + step)));
    }
    const closes = { ArrowLeft: true, ArrowRight: false }[event.key];
    if (closes !== undefined && line?.hasChildren === true && closed.has(chosenId) !== closes) {
      event.preventDefault();
      toggle(chosenId);
    }
  };
  return (
    <section className="waterfall" aria-label="Spans">
      <div className="waterfall-scale" aria-hidden="true">
        {[0, 0.25, 0.5, 0.75, 1].map((share) => (
          <span key={share}>{formatDuration(lengthMs * share)}</span>
        ))}
      </div>
      <div
        ref={scroll}
        className="waterfall-rows"
        style={{ height: Math.min(visible.length, rowsMax) * rowPx }}
        role="group"
        aria-label={`${lines.length} spans`}
        onKeyDown={onKeyDown}
      >
        <ol style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start }) => {
            const line = visible[index];
            if (line === undefined) return null;
            return (
              <li key={line.span.spanId} style={{ transform: `translateY(${start}px)` }}>
                <WaterfallRow
                  at={index}
                  line={line}
                  isClosed={closed.has(line.span.spanId)}
                  isChosen={line.span.spanId === chosenId}
                  startMs={startMs}
                  lengthMs={lengthMs}
                  onToggle={() => toggle(line.span.spanId)}
                  onChoose={() => choose(index)}
                />
              </li>
            );
          })}
        </ol>
      </div>
    </section>
  );
}

interface WaterfallRowProps {
  readonly at: number;
  readonly line: VisibleLine;
  readonly isClosed: boolean;
  readonly isChosen: boolean;
  readonly startMs: number;
  readonly lengthMs: number;
  readonly onToggle: () => void;
  readonly onChoose: () => void;
}

function WaterfallRow({ at, line, isClosed, isChosen, startMs, lengthMs, onToggle, onChoose }: WaterfallRowProps) {
  const { span, depth, hasChildren } = line;
  const percent = (ms: number) => `${(Math.max(0, Math.min(1, ms / lengthMs)) * 100).toFixed(3)}%`;
  const indentPx = Math.min(depth, 10) * 14;
  return (
    <>
      {hasChildren && (
        <button
          type="button"
          className="waterfall-toggle"
          style={{ insetInlineStart: `${indentPx + 2}px` }}
          tabIndex={-1}
          aria-label={`${isClosed ? "Open" : "Close"} ${span.name || span.kind}`}
          aria-expanded={!isClosed}
          onClick={onToggle}
        >
          <ChevronIcon />
        </button>
      )}
      <button type="button" data-at={at} className="waterfall-row" aria-pressed={isChosen} onClick={onChoose}>
        <span className="waterfall-name" style={{ paddingInlineStart: `${indentPx + 16}px` }}>
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
        <span className="waterfall-cost">
          {span.cost === null ? "" : formatMetric("nanoUsd", numberOf("nanoUsd", span.cost.totalNanoUsd))}
        </span>
        <span className="waterfall-duration">{formatDuration(span.endedAtMs - span.startedAtMs)}</span>
      </button>
    </>
  );
}

function firstTokenPercent(span: { readonly startedAtMs: number; readonly endedAtMs: number; readonly ttftMs: number | null }): number {
  return Math.min(100, (100 * (span.ttftMs ?? 0)) / Math.max(1, span.endedAtMs - span.startedAtMs));
}
