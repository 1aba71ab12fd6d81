import type { ClickHouseClient } from "@clickhouse/client-web";
import * as z from "zod";
import type { TimeRange } from "#core/analytics/coverage.ts";
import { facetsQuery } from "#core/analytics/facets-query.ts";
import type { FieldReference } from "#core/analytics/fields.ts";
import { isInRollups } from "#core/analytics/metrics-query.ts";
import type { SpanSelection } from "#core/analytics/sources.ts";
import type { Facet } from "#core/contracts/api/spans.ts";
import type { Region } from "#core/contracts/region.ts";
import { attempt, type Answered, type Unavailable } from "../unavailable.ts";
import { clickhouseOf, type ClickhouseEnvironment } from "./client.ts";
import { readSegments } from "./read-segments.ts";
import { readSettings } from "./read-settings.ts";

/** Which fields of which spans, and how many values of each. */
export interface FacetsRequest extends SpanSelection {
  readonly fields: readonly FieldReference[];
  readonly range: TimeRange;
  readonly limit: number;
}

/** The most frequent values of each field, among the spans that meet the conditions on all others: so one sees what else could be chosen. */
export async function listFacets(
  env: ClickhouseEnvironment,
  region: Region,
  request: FacetsRequest,
): Promise<Answered<Facet[]> | Unavailable> {
  return await attempt("clickhouse", async () => {
    const client = clickhouseOf(env, region);
    const counted = await Promise.all(readingsOf(request).map(async (reading) => await count(client, request, reading)));
    const facets = new Map(counted.flat().map((facet) => [facet.field, facet]));
    return request.fields.map(({ name }) => facets.get(name) ?? { field: name, values: [], otherSpans: 0 });
  });
}

/** Fields that are counted over the same spans, in the same tables. */
type Reading = Pick<FacetsRequest, "filter" | "fields">;

function readingsOf({ fields, filter }: FacetsRequest): Reading[] {
  const without = (names: readonly string[]) => filter.filter((condition) => !names.includes(condition.field.name));
  const unique = new Map(fields.map((field) => [field.name, field]));
  const together = Map.groupBy(unique.values(), (field) => {
    const left = without([field.name]);
    return `${isInRollups({ filter: left, groupBy: [field] })} ${left.length < filter.length ? field.name : ""}`;
  });
  return Array.from(together.values(), (group) => ({ fields: group, filter: without(group.map(({ name }) => name)) }));
}

const rowsSchema = z.array(z.strictObject({ field: z.int(), value: z.string(), spans: z.int(), all_spans: z.int() }));

async function count(client: ClickHouseClient, { projectId, range, limit }: FacetsRequest, { fields, filter }: Reading): Promise<Facet[]> {
  const selection = { projectId, filter };
  const segments = await readSegments(client, { ...selection, groupBy: fields }, range, []);
  const { sql, params } = facetsQuery(selection, fields, segments, limit);
  const result = await client.query({ query: sql, query_params: { ...params }, clickhouse_settings: readSettings, format: "JSONEachRow" });
  const rows = rowsSchema.parse(await result.json());
  return fields.map(({ name }, place) => {
    const own = rows.filter(({ field }) => field === place);
    const shown = own.reduce((sum, { spans }) => sum + spans, 0);
    return { field: name, values: own.map(({ value, spans }) => ({ value, spans })), otherSpans: (own[0]?.all_spans ?? 0) - shown };
  });
}
