import type { ProjectId } from "../contracts/id.ts";
import { filterCondition } from "./condition.ts";
import type { Segment } from "./coverage.ts";
import type { Filter } from "./filter.ts";
import type { SqlParameters } from "./sql-parameters.ts";

/** Of which spans a query tells. */
export interface SpanSelection {
  readonly projectId: ProjectId;
  readonly filter: Filter;
}

/** A moment in epoch milliseconds, as a column of times is compared with. */
export function momentOf(atMs: number, parameters: SqlParameters): string {
  return `fromUnixTimestamp64Micro(${parameters.bind("Int64", Math.round(atMs * 1000))}, 'UTC')`;
}

/** `FROM … WHERE` over the spans of ranges, each counted once; `null` where no segment reads spans. */
export function fromSpans(selection: SpanSelection, segments: readonly Segment[], parameters: SqlParameters): string | null {
  const ranges = segments.filter((segment) => segment.source === "spans");
  if (ranges.length === 0) return null;
  const inRange = ranges.map(
    ({ fromMs, toMs }) => `(spans.started_at >= ${momentOf(fromMs, parameters)} AND spans.started_at < ${momentOf(toMs, parameters)})`,
  );
  return (
    `FROM spans FINAL WHERE project_id = ${parameters.bind("UUID", selection.projectId)} ` +
    `AND (${inRange.join(" OR ")}) AND ${filterCondition(selection.filter, parameters)}`
  );
}

/** `FROM … WHERE` over the newest rollups of the segments' buckets; `null` where no segment reads any. */
export function fromRollups(selection: SpanSelection, segments: readonly Segment[], parameters: SqlParameters): string | null {
  const inRange = segments.flatMap(({ source, fromMs, toMs }) =>
    source === "spans"
      ? []
      : `(level = ${source} AND bucket >= ${parameters.bind("UInt32", fromMs / 1000)} AND bucket < ${parameters.bind("UInt32", toMs / 1000)})`,
  );
  if (inRange.length === 0) return null;
  const place = `project_id = ${parameters.bind("UUID", selection.projectId)} AND (${inRange.join(" OR ")})`;
  return (
    `FROM rollups WHERE NOT is_marker AND ${place} AND (level, bucket, version) IN ` +
    `(SELECT level, bucket, max(version) FROM rollups WHERE is_marker AND ${place} GROUP BY level, bucket) ` +
    `AND ${filterCondition(selection.filter, parameters)}`
  );
}
