import { facetExpression } from "./condition.ts";
import type { Segment } from "./coverage.ts";
import type { FieldReference } from "./fields.ts";
import { mergedMeasure, partialMeasure } from "./measures.ts";
import { fromRollups, fromSpans, type SpanSelection } from "./sources.ts";
import { createSqlParameters, type SqlQuery } from "./sql-parameters.ts";

/**
 * The most frequent values of each field, in one reading of the spans: rows of the field's place in `fields`, a value,
 * its `spans`, and those of all values of the field (`all_spans`); at most `limit` of each field, most frequent first.
 */
export function facetsQuery(
  selection: SpanSelection,
  fields: readonly FieldReference[],
  segments: readonly Segment[],
  limit: number,
): SqlQuery {
  const parameters = createSqlParameters();
  const facets = fields.map((field, place) => ({ ...facetExpression(field, parameters), name: `key${place}`, place }));
  const keys = facets.map(({ key, name }) => `${key} AS ${name}`).join(", ");
  // In the rows of a set, `grouping` of its own key is 0, and 1 of the others.
  const ofSet = (valueOf: (facet: (typeof facets)[number]) => string): string =>
    multiIf(facets.map((facet) => [`grouping(${facet.name}) = 0`, valueOf(facet)]));
  const select = (table: "spans" | "rollups", from: string | null): string[] =>
    from === null
      ? []
      : [
          `WITH ${keys} SELECT ${ofSet(({ place }) => `toUInt8(${place})`)} AS field, ${ofSet(({ name, texts }) => texts(name))} AS texts, ` +
            `${partialMeasure("spans", table)} AS m ${from} GROUP BY GROUPING SETS (${facets.map(({ name }) => `(${name})`).join(", ")})`,
        ];
  const partials = [
    ...select("rollups", fromRollups(selection, segments, parameters)),
    ...select("spans", fromSpans(selection, segments, parameters)),
  ].join(" UNION ALL ");
  const counted = `SELECT field, arrayJoin(texts) AS value, ${mergedMeasure("spans", "m")} AS spans FROM (${partials}) GROUP BY field, value`;
  const sql =
    `SELECT field, value, spans, sum(spans) OVER (PARTITION BY field) AS all_spans FROM (${counted}) ` +
    `ORDER BY field, spans DESC, value LIMIT ${limit} BY field`;
  return { sql, params: parameters.values };
}

function multiIf(branches: readonly (readonly [condition: string, value: string])[]): string {
  const last = branches.at(-1)?.[1] ?? "NULL";
  return branches.length === 1 ? last : `multiIf(${branches.slice(0, -1).flat().join(", ")}, ${last})`;
}
