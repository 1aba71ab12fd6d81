import { useMemo } from "react";
import { formatMetric, numberOf } from "../format/metric.ts";
import { formatCount, formatDuration } from "../format/numbers.ts";
import { agentGraph, type GraphNode } from "./agent-graph.ts";
import type { SpanLine } from "./span-tree.ts";

const nodePx = { width: 196, height: 64 };
const gapPx = { column: 88, row: 20 };
const edgePx = 14;

interface GraphViewProps {
  readonly lines: readonly SpanLine[];
  readonly chosenId: string;
  /** Given the slowest of the spans that a node stands for. */
  readonly onChoose: (spanId: string) => void;
}

/** Who called whom, how often, for how long and what for: spans of one kind and name are one node. */
export function GraphView({ lines, chosenId, onChoose }: GraphViewProps) {
  const { nodes, edges, keyOf } = useMemo(() => agentGraph(lines), [lines]);
  const byKey = useMemo(() => new Map(nodes.map((node) => [node.key, node])), [nodes]);
  const chosen = lines.find(({ span }) => span.spanId === chosenId)?.span;
  const columns = 1 + nodes.reduce((most, { layer }) => Math.max(most, layer), 0);
  const rows = 1 + nodes.reduce((most, { row }) => Math.max(most, row), 0);
  const width = columns * (nodePx.width + gapPx.column) - gapPx.column + 2 * edgePx;
  const height = rows * (nodePx.height + gapPx.row) - gapPx.row + 2 * edgePx;
  return (
    <section className="waterfall graph" aria-label="Agent graph">
      <div className="graph-canvas" style={{ width, height }}>
        <svg width={width} height={height} aria-hidden="true">
          <defs>
            <marker id="graph-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
              <path d="M0 0.500 7.500 4 0 7.500z" className="graph-arrow" />
            </marker>
          </defs>
          {edges.map((edge) => {
            const from = byKey.get(edge.from);
            const to = byKey.get(edge.to);
            if (from === undefined || to === undefined) return null;
            const { path, middle } = curveOf(from, to);
            return (
              <g key={`${edge.from}\n${edge.to}`}>
                <path
                  className="graph-edge"
                  d={path}
                  markerEnd="url(#graph-arrow)"
                  strokeWidth={1 + Math.min(2.5, Math.log10(edge.count))}
                />
                {edge.count > 1 && (
                  <text className="graph-count" x={middle.x} y={middle.y - 5} textAnchor="middle">
                    ×{formatCount(edge.count)}
                  </text>
                )}
              </g>
            );
          })}
        </svg>
        <ul>
          {nodes.map((node) => (
            <li key={node.key}>
              <button
                type="button"
                className="graph-node"
                style={{ left: leftOf(node), top: topOf(node), ...nodePx }}
                aria-pressed={chosen !== undefined && keyOf(chosen) === node.key}
                title={node.name}
                onClick={() => onChoose(node.slowest.spanId)}
              >
                <span className="graph-title">
                  <span className={`kind kind-${node.kind}`}>{node.kind}</span>
                  <span className="graph-name">{node.name}</span>
                </span>
                <span className="graph-figures">
                  <span>×{formatCount(node.count)}</span>
                  <span>{formatDuration(node.totalMs)}</span>
                  {node.costNanoUsd !== null && <span>{formatMetric("nanoUsd", numberOf("nanoUsd", node.costNanoUsd))}</span>}
                  {node.selfCount > 0 && <span title="Called itself">↻ {formatCount(node.selfCount)}</span>}
                  <span className="visually-hidden">{callsOf(node.key, edges, byKey)}</span>
                  {node.errorCount > 0 && <span className="error-text">{formatCount(node.errorCount)} failed</span>}
                </span>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

/** What the arrows say, for who cannot see them. */
function callsOf(key: string, edges: ReturnType<typeof agentGraph>["edges"], byKey: ReadonlyMap<string, GraphNode>): string {
  const called = edges.flatMap(({ from, to, count }) => (from === key ? [`${byKey.get(to)?.name ?? to} ${formatCount(count)} times`] : []));
  return called.length === 0 ? "" : `calls ${called.join(", ")}`;
}

const leftOf = ({ layer }: GraphNode) => edgePx + layer * (nodePx.width + gapPx.column);
const topOf = ({ row }: GraphNode) => edgePx + row * (nodePx.height + gapPx.row);

/** To the right from side to side; to a node of the same column or before it, round their right sides. */
function curveOf(from: GraphNode, to: GraphNode) {
  const start = { x: leftOf(from) + nodePx.width, y: topOf(from) + nodePx.height / 2 };
  const isAhead = to.layer > from.layer;
  const end = { x: leftOf(to) + (isAhead ? 0 : nodePx.width), y: topOf(to) + nodePx.height / 2 + (isAhead ? 0 : 10) };
  const bendPx = isAhead ? (end.x - start.x) / 2 : gapPx.column * 0.7;
  const path = `M${start.x} ${start.y}C${start.x + bendPx} ${start.y} ${end.x + (isAhead ? -bendPx : bendPx)} ${end.y} ${end.x} ${end.y}`;
  const middle = { x: (start.x + end.x) / 2 + (isAhead ? 0 : bendPx * 0.75), y: (start.y + end.y) / 2 };
  return { path, middle };
}
