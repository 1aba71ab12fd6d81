import { test } from "vitest";
import { parseFilter, writeFilter, type Condition } from "./conditions.ts";
import { ofSpans, readValue, sayCondition, toggleValue } from "./fields.ts";

const plain = (_: string, value: string) => value;

test("a filter survives the address; what is none is no filter", ({ expect }) => {
  const filter: readonly Condition[] = [
    { field: "status", operator: "in", value: ["error"] },
    { field: "metadata.plan & more", operator: "eq", value: "“pro”" },
  ];
  expect(parseFilter(`?${new URLSearchParams({ filter: writeFilter(filter) }).toString()}`)).toEqual(filter);
  expect([parseFilter(""), parseFilter("?filter=["), parseFilter('?filter=[{"field":1}]'), parseFilter("?filter={}")]).toEqual([
    [],
    [],
    [],
    [],
  ]);
});

test("choosing a value adds it, choosing it again takes it away, and the other conditions stay", ({ expect }) => {
  const words: Condition = { field: "text", operator: "contains", value: "hello" };
  const one = toggleValue([words], "provider", "openai");
  const two = toggleValue(one, "provider", "anthropic");
  expect([one, two, toggleValue(toggleValue(two, "provider", "openai"), "provider", "anthropic")]).toEqual([
    [words, { field: "provider", operator: "in", value: ["openai"] }],
    [words, { field: "provider", operator: "in", value: ["openai", "anthropic"] }],
    [words],
  ]);
});

test("money is written in dollars and asked for in nano-dollars; what is no number is none", ({ expect }) => {
  const conditions: readonly Condition[] = [
    { field: "trace.costNanoUsd", operator: "gt", value: 1_500_000_000 },
    { field: "modelRequested", operator: "in", value: ["a", "b"] },
    { field: "metadata.plan", operator: "eq", value: "" },
  ];
  expect([
    readValue("trace.costNanoUsd", "$1.50"),
    readValue("durationMs", "2,000"),
    readValue("durationMs", "fast"),
    readValue("tags", "web"),
  ]).toEqual([1_500_000_000, 2_000, null, ["web"]]);
  expect(conditions.map((condition) => sayCondition(condition, plain))).toEqual([
    "Cost of the trace > $1.5",
    "Model is a or b",
    "plan is empty",
  ]);
});

test("what is said of whole traces is not asked of spans", ({ expect }) => {
  const status: Condition = { field: "status", operator: "eq", value: "ok" };
  expect(ofSpans([status, { field: "trace.spanCount", operator: "gt", value: 3 }])).toEqual([status]);
});
