import { baseLevel, type RollupLevel } from "./coverage.ts";
import {
  columnFromRollups,
  columnFromSpans,
  columnType,
  rollupColumns,
  rollupDimensions,
  type RollupColumnName,
} from "./rollup-columns.ts";
import { createSqlParameters, type SqlQuery } from "./sql-parameters.ts";

/** Buckets of one project that are computed by one statement. */
export interface BucketsOfProject {
  readonly projectId: string;
  readonly level: RollupLevel;
  /** Starts, epoch seconds, rising; at least one. */
  readonly startsAtS: readonly number[];
}

const dimensionNames = Object.keys(rollupDimensions);
const columnNames = Object.keys(rollupColumns).filter((name): name is RollupColumnName => Object.hasOwn(rollupColumns, name));
const writtenColumns = ["project_id", "level", "bucket", "is_marker", "version", ...dimensionNames, ...columnNames];

/**
 * Computes buckets anew: the shortest from the spans, longer ones from the shortest. All rows of a bucket must come in
 * one block, so that they appear at once: with them a marker, whose version says which rows count, even where there
 * are none. `version` must be unlike that of any other statement, and higher than of those that looked before.
 */
export function computeQuery({ projectId, level, startsAtS }: BucketsOfProject, version: bigint): SqlQuery {
  const parameters = createSqlParameters();
  const project = parameters.bind("UUID", projectId);
  const starts = parameters.bind("Array(UInt32)", startsAtS);
  const fromS = parameters.bind("UInt32", startsAtS[0] ?? 0);
  const untilS = parameters.bind("UInt32", (startsAtS.at(-1) ?? 0) + level);
  const versionNumber = `toUInt64(${parameters.bind("String", String(version))})`;
  const bucketOf = (column: string) => `toUInt32(intDiv(toUnixTimestamp(${column}), ${level}) * ${level})`;
  const baseRows = `project_id = ${project} AND level = ${baseLevel} AND bucket >= ${fromS} AND bucket < ${untilS}`;
  const [source, start] =
    level === baseLevel
      ? [
          `spans FINAL WHERE project_id = ${project} AND spans.started_at >= fromUnixTimestamp(${fromS}) ` +
            `AND spans.started_at < fromUnixTimestamp(${untilS})`,
          bucketOf("spans.started_at"),
        ]
      : [
          `rollups WHERE ${baseRows} AND NOT is_marker AND (bucket, version) IN ` +
            `(SELECT bucket, max(version) FROM rollups WHERE ${baseRows} AND is_marker GROUP BY bucket)`,
          bucketOf("bucket"),
        ];
  const computed = columnNames.map((name) => (level === baseLevel ? columnFromSpans(name, "1") : columnFromRollups(name, "1")));
  const dimensions = Object.values(rollupDimensions);
  const markerColumns = [
    ...dimensionNames.map((name) => (name === "simulated" ? "false" : "''")),
    ...columnNames.map((name) => `defaultValueOfTypeName('${columnType(name)}')`),
  ];
  const sql =
    `INSERT INTO rollups (${writtenColumns.join(", ")}) ` +
    `SELECT ${project}, toUInt32(${level}), ${start}, false, ${versionNumber}, ${dimensions.join(", ")}, ${computed.join(", ")} ` +
    `FROM ${source} AND has(${starts}, ${start}) GROUP BY ${start}, ${dimensions.join(", ")} UNION ALL ` +
    `SELECT ${project}, toUInt32(${level}), arrayJoin(${starts}), true, ${versionNumber}, ${markerColumns.join(", ")}`;
  return { sql, params: parameters.values };
}
