import * as z from "zod";

const scalarSchema = z.union([z.string(), z.number(), z.boolean()]);

/** A comparison as the API takes it; what it may be is for the API to say. */
export const conditionSchema = z.strictObject({
  field: z.string().min(1),
  operator: z.enum(["eq", "neq", "in", "notIn", "contains", "startsWith", "gt", "gte", "lt", "lte", "exists"]),
  value: z.union([scalarSchema, z.array(scalarSchema)]),
});
export type Condition = z.infer<typeof conditionSchema>;

const filterSchema = z.array(conditionSchema);

/** `filter=<JSON>` of a query; what cannot be read is no filter. */
export function parseFilter(search: string): readonly Condition[] {
  const text = new URLSearchParams(search).get("filter");
  if (text === null) return [];
  try {
    const parsed = filterSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : [];
  } catch {
    return [];
  }
}

export function writeFilter(conditions: readonly Condition[]): string {
  return JSON.stringify(conditions);
}
