import type { FieldReference } from "./fields.ts";
import type { Condition, Filter, Operator } from "./filter.ts";
import { searchCondition } from "./search.ts";
import type { SqlParameters } from "./sql-parameters.ts";

/** SQL for spans that fit: every value is bound. `1` for an empty filter. */
export function filterCondition(filter: Filter, parameters: SqlParameters): string {
  return filter.length === 0 ? "1" : filter.map((condition) => `(${conditionSql(condition, parameters)})`).join(" AND ");
}

const comparisons = { eq: "=", neq: "!=", gt: ">", gte: ">=", lt: "<", lte: "<=" } as const;

function conditionSql(condition: Condition, parameters: SqlParameters): string {
  const { field } = condition;
  if (field.kind === "metadata") return metadataCondition(field.key, condition, parameters);
  if (field.kind === "trace") return numberCondition(field.expression, condition, parameters);
  switch (field.type) {
    case "text":
      return textCondition(field.expression, condition, parameters);
    case "number":
      return numberCondition(field.expression, condition, parameters);
    case "boolean":
      return condition.operator === "eq" || condition.operator === "neq"
        ? `${field.expression} ${comparisons[condition.operator]} ${parameters.bind("Bool", condition.value === true)}`
        : never(condition.operator);
    case "time":
      return timeCondition(field.expression, condition, parameters);
    case "set":
      return setCondition(field.expression, condition, parameters);
    case "search":
      return condition.operator === "contains" ? searchCondition(String(condition.value), parameters) : never(condition.operator);
  }
}

function textCondition(expression: string, condition: Condition, parameters: SqlParameters): string {
  switch (condition.operator) {
    case "eq":
    case "neq":
      return `${expression} ${comparisons[condition.operator]} ${parameters.bind("String", String(condition.value))}`;
    case "in":
    case "notIn":
      return `${negation(condition.operator)}has(${parameters.bind("Array(String)", condition.values.map(String))}, ${expression})`;
    case "contains":
      return `positionCaseInsensitiveUTF8(${expression}, ${parameters.bind("String", String(condition.value))}) > 0`;
    case "startsWith":
      return `startsWith(${expression}, ${parameters.bind("String", String(condition.value))})`;
    case "exists":
      return `${expression} ${condition.value ? "!=" : "="} ''`;
    case "gt":
    case "gte":
    case "lt":
    case "lte":
      return never(condition.operator);
  }
}

function numberCondition(expression: string, condition: Condition, parameters: SqlParameters): string {
  switch (condition.operator) {
    case "eq":
    case "neq":
    case "gt":
    case "gte":
    case "lt":
    case "lte":
      return `ifNull(${expression} ${comparisons[condition.operator]} ${parameters.bind("Float64", Number(condition.value))}, 0)`;
    case "in":
    case "notIn": {
      const among = parameters.bind("Array(Float64)", condition.values.map(Number));
      return `isNotNull(${expression}) AND ${negation(condition.operator)}has(${among}, toFloat64(assumeNotNull(${expression})))`;
    }
    case "exists":
      return `${condition.value ? "isNotNull" : "isNull"}(${expression})`;
    case "contains":
    case "startsWith":
      return never(condition.operator);
  }
}

function timeCondition(expression: string, condition: Condition, parameters: SqlParameters): string {
  const { operator } = condition;
  if (operator !== "gt" && operator !== "gte" && operator !== "lt" && operator !== "lte") return never(operator);
  const moment = parameters.bind("Int64", Math.round(Number(condition.value) * 1000));
  return `${expression} ${comparisons[operator]} fromUnixTimestamp64Micro(${moment}, 'UTC')`;
}

function setCondition(expression: string, condition: Condition, parameters: SqlParameters): string {
  switch (condition.operator) {
    case "contains":
      return `has(${expression}, ${parameters.bind("String", String(condition.value))})`;
    case "in":
    case "notIn":
      return `${negation(condition.operator)}hasAny(${expression}, ${parameters.bind("Array(String)", condition.values.map(String))})`;
    case "exists":
      return `${condition.value ? "notEmpty" : "empty"}(${expression})`;
    case "eq":
    case "neq":
    case "startsWith":
    case "gt":
    case "gte":
    case "lt":
    case "lte":
      return never(condition.operator);
  }
}

/** Each value is looked for among the metadata of its own type; `neq` and `notIn` also fit spans without the key. */
function metadataCondition(key: string, condition: Condition, parameters: SqlParameters): string {
  const name = parameters.bind("String", key);
  const equals = (value: string | number | boolean): string => {
    const [map, type] = metadataMaps[typeof value === "number" ? "number" : typeof value === "boolean" ? "boolean" : "text"];
    return `(mapContains(${map}, ${name}) AND ${map}[${name}] = ${parameters.bind(type, value)})`;
  };
  switch (condition.operator) {
    case "eq":
      return equals(condition.value);
    case "neq":
      return `NOT ${equals(condition.value)}`;
    case "in":
    case "notIn":
      return `${negation(condition.operator)}(${condition.values.map(equals).join(" OR ")})`;
    case "contains":
    case "startsWith":
      return textCondition(`metadata_text[${name}]`, condition, parameters);
    case "gt":
    case "gte":
    case "lt":
    case "lte":
      return `mapContains(metadata_number, ${name}) AND ${numberCondition(`metadata_number[${name}]`, condition, parameters)}`;
    case "exists":
      return `${condition.value ? "" : "NOT "}(${Object.values(metadataMaps)
        .map(([map]) => `mapContains(${map}, ${name})`)
        .join(" OR ")})`;
  }
}

const metadataMaps = {
  text: ["metadata_text", "String"],
  number: ["metadata_number", "Float64"],
  boolean: ["metadata_boolean", "Bool"],
} as const;

/**
 * A field as text to group by. A span without the metadata is grouped under the empty text; one with several tags
 * stands in the group of each.
 */
export function groupExpression(field: FieldReference, parameters: SqlParameters): string {
  if (field.kind === "trace") throw new Error("a trace is no group of spans");
  if (field.kind === "field") return field.type === "set" ? `arrayJoin(${field.expression})` : `toString(${field.expression})`;
  const name = parameters.bind("String", field.key);
  return (
    `multiIf(mapContains(metadata_text, ${name}), metadata_text[${name}], mapContains(metadata_number, ${name}), ` +
    `toString(metadata_number[${name}]), mapContains(metadata_boolean, ${name}), toString(metadata_boolean[${name}]), '')`
  );
}

/**
 * A field as a key to count by, and the texts that a key stands for: a set's tags are counted together and told apart
 * when they are counted, and a column of few different texts is counted by its dictionary.
 */
export function facetExpression(
  field: FieldReference,
  parameters: SqlParameters,
): { readonly key: string; readonly texts: (key: string) => string } {
  if (field.kind !== "field") return { key: groupExpression(field, parameters), texts: (key) => `[${key}]` };
  if (field.type === "set") return { key: field.expression, texts: (key) => `arrayMap(text -> CAST(text, 'String'), ${key})` };
  return { key: field.expression, texts: (key) => `[CAST(toString(${key}), 'String')]` };
}

function negation(operator: "in" | "notIn"): "" | "NOT " {
  return operator === "in" ? "" : "NOT ";
}

/** The schema lets no such comparison through. */
function never(operator: Operator): never {
  throw new Error(`a filter with ${operator} where there is none`);
}
