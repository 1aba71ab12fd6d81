import type { ClickHouseClient } from "@clickhouse/client-web";
import { coverRange, type Segment, type TimeRange } from "#core/analytics/coverage.ts";
import { isInRollups, type MetricsRequest } from "#core/analytics/metrics-query.ts";
import { readDirtyBuckets } from "./rollup-state.ts";

/** Where each part of a range is read from, so that no point of a course (epoch seconds) lies within a bucket. Throws what the client throws. */
export async function readSegments(
  client: ClickHouseClient,
  request: Omit<MetricsRequest, "metrics">,
  { fromMs, toMs }: TimeRange,
  startsAtS: readonly number[],
): Promise<Segment[]> {
  if (!isInRollups(request)) return [{ fromMs, toMs, source: "spans" }];
  return coverRange({ fromMs, toMs }, startsAtS, await readDirtyBuckets(client, request.projectId, { fromMs, toMs }));
}
