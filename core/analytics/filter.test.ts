import { describe, test } from "vitest";
import * as z from "zod";
import { filterCondition } from "./condition.ts";
import { fields, findField } from "./fields.ts";
import { filterParameterSchema, operatorsOf, traceFilterParameterSchema } from "./filter.ts";
import { groupsQuery, seriesQuery } from "./metrics-query.ts";
import { actorPageQuery, spanPageQuery, tracePageQuery } from "./page-query.ts";
import { createSqlParameters } from "./sql-parameters.ts";
import { metricNames } from "./metrics.ts";
import { projectIdSchema } from "../contracts/id.ts";

const query = z.strictObject({ filter: filterParameterSchema });
const complaint = (filter: unknown, schema: z.ZodType = query) => {
  const [issue] = schema.safeParse({ filter: typeof filter === "string" ? filter : JSON.stringify(filter) }).error?.issues ?? [];
  return issue === undefined ? null : [issue.path.join("."), issue.message];
};
const ok = { field: "status", operator: "eq", value: "ok" };

describe("a filter", () => {
  test.for([
    ["{", "filter", "must be a JSON list of conditions"],
    [{}, "filter", "Invalid input: expected array, received object"],
    [[ok, { ...ok, field: "nothing" }], "filter.1.field", "is not a field of this list"],
    [[ok, { ...ok, field: "metadata." }], "filter.1.field", "is not a field of this list"],
    [[{ ...ok, field: "trace.costNanoUsd" }], "filter.0.field", "is not a field of this list"],
    [[{ ...ok, field: "toString" }], "filter.0.field", "is not a field of this list"],
    [[ok, ok, { ...ok, value: "good" }], "filter.2.value", "must be one of ok, error, cancelled"],
    [[{ ...ok, operator: "in" }], "filter.0.value", "must be a list"],
    [[{ ...ok, operator: "in", value: ["ok", "bad"] }], "filter.0.value.1", "must be one of ok, error, cancelled"],
    [[{ ...ok, value: ["ok"] }], "filter.0.value", "must be one value, not a list"],
    [[{ ...ok, operator: "gt" }], "filter.0.operator", "must be one of eq, neq, in, notIn, contains, startsWith, exists for `status`"],
    [[{ field: "costNanoUsd", operator: "gt", value: "1" }], "filter.0.value", "must be a number"],
    [[{ field: "startedAtMs", operator: "gt", value: -1 }], "filter.0.value", "must be epoch milliseconds"],
    [[{ field: "simulated", operator: "eq", value: "true" }], "filter.0.value", "must be true or false"],
    [[{ field: "text", operator: "contains", value: " " }], "filter.0.value", "must be a text that is not empty"],
    [[{ field: "userId", operator: "exists", value: "yes" }], "filter.0.value", "must be true or false"],
    [[{ field: "metadata.a", operator: "lt", value: "2" }], "filter.0.value", "must be a number"],
    [[{ field: "tags", operator: "eq", value: "a" }], "filter.0.operator", "must be one of in, notIn, contains, exists for `tags`"],
  ] as const)("%j is refused at %s: %s", ([filter, path, message], { expect }) => {
    expect(complaint(filter)).toEqual([path, message]);
  });

  test("a field or operator that is missing, and one too many, are named", ({ expect }) => {
    expect(complaint([{ field: "status" }])?.[0]).toBe("filter.0.operator");
    expect(complaint([{ ...ok, and: 1 }])?.[0]).toBe("filter.0");
    expect(complaint(Array.from({ length: 31 }, () => ok))?.[0]).toBe("filter");
  });

  test("a list of traces takes fields of whole traces too, as numbers", ({ expect }) => {
    const traces = z.strictObject({ filter: traceFilterParameterSchema });
    expect(complaint([ok, { field: "trace.costNanoUsd", operator: "gte", value: 5 }], traces)).toBe(null);
    expect(complaint([{ field: "trace.costNanoUsd", operator: "gte", value: "5" }], traces)).toEqual([
      "filter.0.value",
      "must be a number",
    ]);
  });
});

test("what a caller writes is never in the text of a statement, only among its values", ({ expect }) => {
  const hostile = "x'); DROP TABLE spans; -- \\' {p1:String} \u0000";
  const valueOf = { text: hostile, number: 987_654_321.25, boolean: true, time: 1_795_000_000_123, set: hostile, search: hostile };
  const written = Object.entries(fields).flatMap(([field, { type, values }]) =>
    operatorsOf[type].flatMap((operator) => {
      if (values !== null && operator !== "contains" && operator !== "startsWith") return [];
      const value = valueOf[type];
      return { field, operator, value: operator === "in" || operator === "notIn" ? [value, value] : operator === "exists" ? true : value };
    }),
  );
  const metadata = operatorsOf.metadata.map((operator) => ({
    field: `metadata.${hostile}`,
    operator,
    value:
      operator === "in" || operator === "notIn"
        ? [hostile, 987_654_321.25, true]
        : operator === "exists"
          ? true
          : operator.startsWith("g") || operator.startsWith("l")
            ? 987_654_321.25
            : hostile,
  }));
  const projectId = projectIdSchema.parse("0193c5a0-0000-7000-8000-000000000002");
  const range = { fromMs: 1_795_000_000_123, toMs: 1_795_000_100_123 };
  for (const condition of [...written, ...metadata]) {
    const filter = filterParameterSchema.parse(JSON.stringify([condition]));
    const parameters = createSqlParameters();
    const group = findField(`metadata.${hostile}`);
    const request = { projectId, filter, metrics: metricNames, groupBy: group === null ? [] : [group] };
    const page = { projectId, filter, range, order: "descending", limit: 987_654, after: { value: "987654321", id: hostile } } as const;
    const segments = [
      { ...range, source: "spans" },
      { fromMs: 1_795_000_500_000, toMs: 1_795_001_400_000, source: 900 },
    ] as const;
    const statements = [
      filterCondition(filter, parameters),
      groupsQuery(request, segments, 10).sql,
      seriesQuery(request, segments, [1_795_000_000], [hostile]).sql,
      tracePageQuery({ ...page, sort: "costNanoUsd" }).sql,
      spanPageQuery({ ...page, sort: "costNanoUsd" }).sql,
      actorPageQuery("user", { ...page, sort: "costNanoUsd" }).sql,
    ];
    for (const sql of statements) for (const part of ["DROP", "987654", "1795000", projectId, "\u0000"]) expect(sql).not.toContain(part);
  }
});
