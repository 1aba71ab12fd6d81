import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { memo, useCallback, useLayoutEffect, useRef, useState } from "react";
import type { TraceSummary } from "#core/contracts/api/traces.ts";
import { formatAgo } from "../format/time.ts";
import { traceColumns, type RowFacts, type TraceColumnName } from "./columns.tsx";
import { RowSlots } from "./row-slots.ts";
import { useRowKeys } from "./use-row-keys.ts";
import { useRowPlaces } from "./use-row-places.ts";

const skeletonRows = 12;

interface TraceTableProps {
  readonly traces: readonly TraceSummary[];
  readonly columns: readonly TraceColumnName[];
  readonly nowMs: number;
  readonly hrefOf: (traceId: string) => string;
  /** The rows are no longer refreshed. */
  readonly stale: boolean;
  /** Nothing has arrived yet. */
  readonly busy: boolean;
}

/**
 * Only the rows near the screen are there; j and k go from one to the next. Roles are written out because the rows are
 * grids: browsers drop table semantics from elements that are laid out otherwise.
 */
export function TraceTable({ traces, columns, nowMs, hrefOf, stale, busy }: TraceTableProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  const { firstTopPx, rowHeightPx } = useRowPlaces(body);
  // The same function as long as the rows are the same: with each new one the places of all rows are computed anew.
  const getItemKey = useCallback((at: number) => traces[at]?.traceId ?? at, [traces]);
  const [rowSlots] = useState(() => new RowSlots());
  // What it returns changes with every scroll, and is passed to no memo.
  // oxlint-disable-next-line react/incompatible-library
  const virtualizer = useWindowVirtualizer({
    count: traces.length,
    estimateSize: () => rowHeightPx,
    overscan: 6,
    scrollMargin: firstTopPx,
    getItemKey,
  });
  // Another height comes with another width of the screen; places are kept until this is said.
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, rowHeightPx]);
  useRowKeys(body, traces.length, (at) => virtualizer.scrollToIndex(at));
  const template = columns.map((name) => traceColumns[name].width).join(" ");
  const rows = virtualizer.getVirtualItems();
  const slots = rowSlots.take(rows.map(({ key }) => String(key)));
  return (
    <div className="traces-box">
      <table
        role="table"
        className={stale ? "traces traces-stale" : "traces"}
        aria-label="Traces"
        aria-busy={busy}
        aria-rowcount={traces.length + 1}
      >
        <thead role="rowgroup">
          <tr role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
            {columns.map((name) => (
              <th key={name} role="columnheader" scope="col" className={`cell-${name}`}>
                {traceColumns[name].title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body} role="rowgroup" style={busy ? undefined : { height: virtualizer.getTotalSize() }}>
          {busy && <SkeletonRows columns={columns} template={template} />}
          {rows.map(({ index, key, start }) => {
            const trace = traces[index];
            if (trace === undefined) return null;
            return (
              <TraceRow
                key={slots.get(String(key))}
                at={index}
                startPx={start - firstTopPx}
                trace={trace}
                ago={formatAgo(trace.startedAtMs, nowMs)}
                href={hrefOf(trace.traceId)}
                columns={columns}
                template={template}
              />
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

interface TraceRowProps extends RowFacts {
  readonly at: number;
  /** From the top of the rows. */
  readonly startPx: number;
  readonly columns: readonly TraceColumnName[];
  readonly template: string;
}

/** Drawn anew only when something of it changes: every poll brings equal rows in new objects. */
const TraceRow = memo(
  function TraceRow({ at, startPx, columns, template, ...facts }: TraceRowProps) {
    const row = useRef<HTMLTableRowElement>(null);
    // The focus belongs to the trace and not to the element.
    useLayoutEffect(
      () => () => {
        if (document.activeElement instanceof HTMLElement && row.current?.contains(document.activeElement) === true)
          document.activeElement.blur();
      },
      [facts.trace.traceId],
    );
    return (
      <tr
        ref={row}
        role="row"
        aria-rowindex={at + 2}
        data-index={at}
        className="trace-row"
        style={{ gridTemplateColumns: template, transform: `translateY(${startPx}px)` }}
      >
        {columns.map((name) => (
          <td key={name} role="cell" className={`cell-${name}`}>
            {traceColumns[name].cell(facts)}
          </td>
        ))}
      </tr>
    );
  },
  (one, other) =>
    one.ago === other.ago &&
    one.at === other.at &&
    one.startPx === other.startPx &&
    one.href === other.href &&
    one.template === other.template &&
    (one.trace === other.trace || JSON.stringify(one.trace) === JSON.stringify(other.trace)),
);

function SkeletonRows({ columns, template }: { readonly columns: readonly TraceColumnName[]; readonly template: string }) {
  return Array.from({ length: skeletonRows }, (_, row) => (
    <tr key={row} role="row" className="trace-row skeleton-row" aria-hidden="true" style={{ gridTemplateColumns: template }}>
      {columns.map((name) => (
        <td key={name} role="cell" className={`cell-${name}`}>
          <span className="skeleton" />
        </td>
      ))}
    </tr>
  ));
}
