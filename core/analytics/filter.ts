import * as z from "zod";
import { findField, findTraceField, type FieldReference, type FieldType } from "./fields.ts";

const operatorSchema = z.enum(["eq", "neq", "in", "notIn", "contains", "startsWith", "gt", "gte", "lt", "lte", "exists"]);
export type Operator = z.infer<typeof operatorSchema>;

const ordering = ["gt", "gte", "lt", "lte"] as const;

/** Which comparisons a type has. Metadata has a type a value, and so all of them. */
export const operatorsOf = {
  text: ["eq", "neq", "in", "notIn", "contains", "startsWith", "exists"],
  number: ["eq", "neq", "in", "notIn", ...ordering, "exists"],
  boolean: ["eq", "neq"],
  time: ordering,
  set: ["in", "notIn", "contains", "exists"],
  search: ["contains"],
  metadata: operatorSchema.options,
} as const satisfies Record<FieldType | "metadata", readonly Operator[]>;

const valuesMax = 200;
const textMax = 1_000;
const conditionsMax = 30;

const scalarSchema = z.union([z.string().max(textMax), z.number(), z.boolean()], "must be a text, a number or a boolean");
type Scalar = z.infer<typeof scalarSchema>;

/** A comparison that fits its field: the field, the operator and the value have been checked against each other. */
export type Condition = { readonly field: FieldReference } & (
  | { readonly operator: "in" | "notIn"; readonly values: readonly Scalar[] }
  | { readonly operator: "exists"; readonly value: boolean }
  | { readonly operator: Exclude<Operator, "in" | "notIn" | "exists">; readonly value: Scalar }
);

/** Spans that a filter lets through: all of its conditions hold. */
export type Filter = readonly Condition[];

/** What a caller writes: `{"field": "status", "operator": "eq", "value": "error"}`. */
const conditionOf = (find: (name: string) => FieldReference | null) =>
  z
    .strictObject({
      field: z.string().max(300),
      operator: operatorSchema,
      /** A list for `in` and `notIn`; `true` or `false` for `exists`; one value for all others. */
      value: z.union([scalarSchema, z.array(scalarSchema).min(1).max(valuesMax)], "must be a text, a number, a boolean, or a list of them"),
    })
    .transform((written, context): Condition => {
      const refuse = (part: "field" | "operator" | "value", message: string, at: readonly number[] = []): never => {
        context.addIssue({ code: "custom", path: [part, ...at], message, input: written });
        return z.NEVER;
      };
      const { operator, value } = written;
      const field = find(written.field);
      if (field === null) return refuse("field", "is not a field of this list");
      const type = typeOf(field);
      const operators: readonly Operator[] = operatorsOf[type];
      if (!operators.includes(operator)) return refuse("operator", `must be one of ${operators.join(", ")} for \`${written.field}\``);
      if (operator === "in" || operator === "notIn") {
        if (!Array.isArray(value)) return refuse("value", "must be a list");
        const wrong = value.findIndex((item) => complaintOf(field, operator, item) !== null);
        return wrong === -1
          ? { field, operator, values: value }
          : refuse("value", complaintOf(field, operator, value[wrong]) ?? "", [wrong]);
      }
      if (Array.isArray(value)) return refuse("value", "must be one value, not a list");
      if (operator === "exists") return typeof value === "boolean" ? { field, operator, value } : refuse("value", "must be true or false");
      const complaint = complaintOf(field, operator, value);
      return complaint === null ? { field, operator, value } : refuse("value", complaint);
    });

/** Why a value does not fit; `null` where it does. */
function complaintOf(field: FieldReference, operator: Operator, value: Scalar | undefined): string | null {
  if (operator === "contains" || operator === "startsWith") {
    return typeof value === "string" && value.trim() !== "" ? null : "must be a text that is not empty";
  }
  if (field.kind === "metadata") {
    const isOrdering = operator === "gt" || operator === "gte" || operator === "lt" || operator === "lte";
    return isOrdering && typeof value !== "number" ? "must be a number" : null;
  }
  if (field.kind === "trace") return typeof value === "number" ? null : "must be a number";
  switch (field.type) {
    case "number":
      return typeof value === "number" ? null : "must be a number";
    case "time":
      return typeof value === "number" && value >= 0 && value <= latestMs ? null : "must be epoch milliseconds";
    case "boolean":
      return typeof value === "boolean" ? null : "must be true or false";
    case "text":
      if (typeof value !== "string") return "must be a text";
      return field.values === null || field.values.includes(value) ? null : `must be one of ${field.values.join(", ")}`;
    case "set":
    case "search":
      return typeof value === "string" ? null : "must be a text";
  }
}

function typeOf(field: FieldReference): FieldType | "metadata" {
  if (field.kind === "field") return field.type;
  return field.kind === "trace" ? "number" : "metadata";
}

/** The last moment that a column of times can be compared with. */
const latestMs = Date.UTC(2200, 0);

const filterOf = (find: (name: string) => FieldReference | null) => z.array(conditionOf(find)).max(conditionsMax);

export const filterSchema = filterOf(findField);

/** A filter as it travels in a query string: a JSON list of conditions, all of which hold. */
const parameterOf = <Parsed extends z.ZodType>(schema: Parsed) =>
  z
    .string()
    .max(20_000)
    .transform((written, context): unknown => {
      try {
        return JSON.parse(written);
      } catch {
        context.addIssue({ code: "custom", message: "must be a JSON list of conditions" });
        return z.NEVER;
      }
    })
    .pipe(schema)
    .meta({
      description: 'A JSON list of conditions, all of which hold: `[{"field":"status","operator":"eq","value":"error"}]`. See Filters.',
    });

export const filterParameterSchema = parameterOf(filterSchema);

/** Of a list of traces: a trace fits if some span of it does, and the whole of it has what is said of `trace.…`. */
export const traceFilterParameterSchema = parameterOf(filterOf(findTraceField));
