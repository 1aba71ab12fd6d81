import { groupExpression } from "./condition.ts";
import type { Segment } from "./coverage.ts";
import type { FieldReference } from "./fields.ts";
import { mergedMeasure, partialMeasure, type MeasureName } from "./measures.ts";
import { metricExpression, metrics, type MetricName } from "./metrics.ts";
import { fromRollups, fromSpans, type SpanSelection } from "./sources.ts";
import { createSqlParameters, type SqlParameters, type SqlQuery } from "./sql-parameters.ts";

/** What is asked of the spans of a project. */
export interface MetricsRequest extends SpanSelection {
  /** At least one. */
  readonly metrics: readonly MetricName[];
  /** At most two. */
  readonly groupBy: readonly FieldReference[];
}

/** Whether the rollups hold all that a question names; otherwise only the spans do. */
export function isInRollups({ filter, groupBy }: Pick<MetricsRequest, "filter" | "groupBy">): boolean {
  return [...filter.map(({ field }) => field), ...groupBy].every((field) => field.kind === "field" && field.isInRollups);
}

/**
 * The groups with the highest first metric, highest first, as rows of their `key` and its `parts`; one more than
 * `limit`, so that one sees whether there are others.
 */
export function groupsQuery(request: MetricsRequest, segments: readonly Segment[], limit: number): SqlQuery {
  const parameters = createSqlParameters();
  const parts = partsOf(request.groupBy, parameters);
  const [first = "requests"] = request.metrics;
  const partials = partialRows(request, metrics[first].measures, segments, parameters, () => ({ parts }));
  const sql =
    `SELECT ${keyOf("parts")} AS key, parts FROM (` +
    `SELECT parts, ${mergedColumns(metrics[first].measures)} FROM (${partials}) GROUP BY parts) ` +
    `ORDER BY toFloat64(${metrics[first].value}) DESC NULLS LAST, key LIMIT ${limit + 1}`;
  return { sql, params: parameters.values };
}

/**
 * The metrics (`v0`, `v1`, …) of each group: over the whole range (`is_total`), and over each point, by its start in
 * epoch seconds. Groups that are not among `keys` are one, under the empty key.
 */
export function seriesQuery(
  request: MetricsRequest,
  segments: readonly Segment[],
  startsAtS: readonly number[],
  keys: readonly string[],
): SqlQuery {
  const parameters = createSqlParameters();
  const names = [...new Set(request.metrics.flatMap((name) => metrics[name].measures))];
  const ownKey = request.groupBy.length === 0 ? "''" : keyOf(partsOf(request.groupBy, parameters));
  const key = request.groupBy.length === 0 ? "''" : `if(has(${parameters.bind("Array(String)", keys)}, ${ownKey}), ${ownKey}, '')`;
  const starts = startsAtS.length === 0 ? null : parameters.bind("Array(UInt32)", startsAtS);
  const partials = partialRows(request, names, segments, parameters, (column) => ({
    key,
    point: starts === null ? "toUInt32(0)" : `roundDown(toUnixTimestamp(${column}), ${starts})`,
  }));
  const values = request.metrics.map((name, index) => `${metricExpression(name)} AS v${index}`);
  const merged = mergedColumns(names);
  const sql =
    `SELECT key, is_total, point, ${values.join(", ")} FROM (` +
    (starts === null
      ? `SELECT key, point, 1 AS is_total, ${merged} FROM (${partials}) GROUP BY key, point)`
      : `SELECT key, point, grouping(point) AS is_total, ${merged} FROM (${partials}) GROUP BY GROUPING SETS ((key), (key, point)))`);
  return { sql, params: parameters.values };
}

/** Partial measures (`m_<name>`) of the spans and the rollups, grouped by what `groups` makes of a table's column of time. */
function partialRows(
  request: MetricsRequest,
  names: readonly MeasureName[],
  segments: readonly Segment[],
  parameters: SqlParameters,
  groups: (timeColumn: string) => Readonly<Record<string, string>>,
): string {
  const select = (table: "spans" | "rollups", timeColumn: string, from: string | null): string[] => {
    if (from === null) return [];
    const columns = Object.entries(groups(timeColumn));
    const selected = [
      ...columns.map(([name, expression]) => `${expression} AS ${name}`),
      ...names.map((name) => `${partialMeasure(name, table)} AS m_${name}`),
    ];
    return [`SELECT ${selected.join(", ")} ${from} GROUP BY ${columns.map(([name]) => name).join(", ")}`];
  };
  return [
    ...select("rollups", "bucket", fromRollups(request, segments, parameters)),
    ...select("spans", "spans.started_at", fromSpans(request, segments, parameters)),
  ].join(" UNION ALL ");
}

function mergedColumns(names: readonly MeasureName[]): string {
  return names.map((name) => `${mergedMeasure(name, `m_${name}`)} AS ${name}`).join(", ");
}

function partsOf(groupBy: readonly FieldReference[], parameters: SqlParameters): string {
  return `[${groupBy.map((field) => groupExpression(field, parameters)).join(", ")}]`;
}

/** Texts as one that no other list of texts gives; never empty. */
function keyOf(parts: string): string {
  return `arrayStringConcat(arrayMap(part -> concat(toString(length(part)), ':', part), ${parts}))`;
}
