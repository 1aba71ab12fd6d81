import { useId, useMemo, type ReactNode } from "react";
import { formatMoment, formatTick } from "../range/format-range.ts";
import type { Bounds } from "../range/time-range.ts";
import { roundTicks, stack, timeTicks } from "./scale.ts";
import { useBrush } from "./use-brush.ts";
import { useWidth } from "./use-width.ts";
import "./chart.css";

export interface ChartSeries {
  readonly key: string;
  readonly label: string;
  /** A colour of the tokens: `var(--series-1)`. */
  readonly color: string;
  readonly values: readonly (number | null)[];
}

interface TimeChartProps {
  /** What it shows, for who cannot see it. */
  readonly label: string;
  /** When the points begin; each lasts until the next, the last until the range ends. */
  readonly points: readonly number[];
  readonly bounds: Bounds;
  readonly series: readonly ChartSeries[];
  /** `bars` stand on one another; `lines` share the axis. */
  readonly kind: "bars" | "lines";
  readonly format: (value: number | null) => string;
  readonly height: number;
  /** Without axis labels: for a strip above a list. */
  readonly bare?: boolean;
  /** Called with the part of the range that the reader dragged over, or chose with shift and the arrow keys. */
  readonly onBrush?: (bounds: Bounds) => void;
}

/** Values over time. A drag over it, or shift with arrows and Enter, chooses a part of the range. */
export function TimeChart({ label, points, bounds, series, kind, format, height, bare = false, onBrush }: TimeChartProps) {
  const [box, width] = useWidth();
  const hintId = useId();
  const left = bare ? 0 : 52;
  const bottom = bare ? 2 : 22;
  const top = 8;
  const plotWidth = Math.max(1, width - left - (bare ? 0 : 8));
  const plotHeight = height - bottom - top;
  const lengthMs = Math.max(1, bounds.toMs - bounds.fromMs);
  const x = (atMs: number) => left + (Math.max(0, Math.min(lengthMs, atMs - bounds.fromMs)) / lengthMs) * plotWidth;
  const stacked = useMemo(() => (kind === "bars" ? stack(series.map(({ values }) => values)) : null), [kind, series]);
  const highest = stacked
    ? Math.max(0, ...(stacked.at(-1) ?? []).map(([, to]) => to))
    : Math.max(0, ...series.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const ticks = roundTicks(highest, height < 120 ? 2 : 4);
  const axisTop = bare ? Math.max(highest, 1e-12) : (ticks.at(-1) ?? 1);
  const y = (value: number) => top + plotHeight * (1 - value / axisTop);
  const endOf = (at: number) => points[at + 1] ?? bounds.toMs;
  const brush = useBrush({ points, bounds, left, plotWidth, ...(onBrush ? { onBrush } : {}) });
  const shown = brush.at;

  return (
    <div
      ref={box}
      className={`chart${onBrush ? " chart-brush" : ""}`}
      style={{ height }}
      role="group"
      tabIndex={0}
      aria-label={label}
      aria-describedby={hintId}
      {...brush.handlers}
    >
      <span id={hintId} className="visually-hidden">
        {onBrush
          ? "Arrow keys read the values; with shift they choose a part of the range, Enter shows it."
          : "Arrow keys read the values."}
      </span>
      {width > 0 && (
        <svg width={width} height={height} aria-hidden="true">
          {!bare && (
            <g className="chart-grid">
              {ticks.map((tick) => (
                <g key={tick}>
                  <line x1={left} x2={left + plotWidth} y1={y(tick)} y2={y(tick)} />
                  <text x={left - 8} y={y(tick)} dy="0.32em" textAnchor="end">
                    {format(tick)}
                  </text>
                </g>
              ))}
              {timeTicks(bounds.fromMs, bounds.toMs, Math.max(2, Math.floor(plotWidth / 76))).map((tick) => (
                <text key={tick} x={Math.min(left + plotWidth - 14, Math.max(left + 14, x(tick)))} y={height - 4} textAnchor="middle">
                  {formatTick(tick, lengthMs)}
                </text>
              ))}
            </g>
          )}
          {series.map((each, row) =>
            stacked ? (
              <path
                key={each.key}
                fill={each.color}
                d={barsPath(points, (at) => [x(points[at] ?? 0), x(endOf(at))], stacked[row] ?? [], y)}
              />
            ) : (
              <path
                key={each.key}
                className="chart-line"
                stroke={each.color}
                d={linePath(each.values, (at) => (x(points[at] ?? 0) + x(endOf(at))) / 2, y)}
              />
            ),
          )}
          {brush.selection && (
            <rect
              className="chart-selection"
              x={x(brush.selection.fromMs)}
              y={top}
              width={Math.max(1, x(brush.selection.toMs) - x(brush.selection.fromMs))}
              height={plotHeight}
            />
          )}
          {shown !== null && points[shown] !== undefined && (
            <g>
              <line
                className="chart-cursor"
                x1={(x(points[shown]) + x(endOf(shown))) / 2}
                x2={(x(points[shown]) + x(endOf(shown))) / 2}
                y1={top}
                y2={top + plotHeight}
              />
              {!stacked &&
                series.map(({ key, color, values }) => {
                  const value = values[shown];
                  return value === null || value === undefined ? null : (
                    <circle key={key} cx={(x(points[shown] ?? 0) + x(endOf(shown))) / 2} cy={y(value)} r="3.5" fill={color} />
                  );
                })}
            </g>
          )}
        </svg>
      )}
      {shown !== null && points[shown] !== undefined && width > 0 && (
        <Tooltip at={x(points[shown])} width={width}>
          <span className="chart-moment">{formatMoment(points[shown])}</span>
          {series.map(({ key, label: name, color, values }) => (
            <span key={key} className="chart-value">
              <span className="chart-mark" style={{ background: color }} />
              <span className="chart-name">{name}</span>
              <span>{format(values[shown] ?? null)}</span>
            </span>
          ))}
        </Tooltip>
      )}
    </div>
  );
}

function Tooltip({ at, width, children }: { readonly at: number; readonly width: number; readonly children: ReactNode }) {
  const beyond = at > width / 2;
  return (
    <div className="chart-tooltip" role="status" style={beyond ? { right: width - at + 14 } : { left: at + 14 }}>
      {children}
    </div>
  );
}

/** All bars of a series as one shape, with a gap of a pixel between them where there is room. */
function barsPath(
  points: readonly number[],
  ends: (at: number) => readonly [number, number],
  values: readonly (readonly [number, number])[],
  y: (value: number) => number,
): string {
  return points
    .map((_, at) => {
      const [from, to] = values[at] ?? [0, 0];
      if (to <= from) return "";
      const [start, end] = ends(at);
      const gap = end - start > 3 ? 1 : 0;
      const right = Math.max(start + 0.5, end - gap);
      return `M${start.toFixed(1)} ${y(from).toFixed(1)}V${y(to).toFixed(1)}H${right.toFixed(1)}V${y(from).toFixed(1)}Z`;
    })
    .join("");
}

/** A line through what is known; it stops where nothing is. */
function linePath(values: readonly (number | null)[], x: (at: number) => number, y: (value: number) => number): string {
  let isDrawing = false;
  return values
    .map((value, at) => {
      if (value === null) {
        isDrawing = false;
        return "";
      }
      const step = `${isDrawing ? "L" : "M"}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
      const alone = !isDrawing && (values[at + 1] ?? null) === null ? "h0.01" : "";
      isDrawing = true;
      return step + alone;
    })
    .join("");
}
