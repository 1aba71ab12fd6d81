import type * as z from "zod";
import { toJsonSchema, type JsonSchema } from "./json-schema.ts";

/** What could be sent for a schema: the example that it gives, else the least that is right for most. */
export function exampleOf(schema: z.ZodType): unknown {
  const { $defs = {}, ...json } = toJsonSchema(schema, "input");
  return exampleIn(json, $defs);
}

function exampleIn(schema: JsonSchema, definitions: Readonly<Record<string, JsonSchema>>): unknown {
  if (schema.examples?.[0] !== undefined) return schema.examples[0];
  if (schema.$ref !== undefined) return exampleIn(definitions[schema.$ref.replace("#/$defs/", "")] ?? {}, definitions);
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum !== undefined) return schema.enum[0];
  const [first] = schema.oneOf ?? schema.anyOf ?? [];
  if (first !== undefined) return exampleIn(first, definitions);
  switch (schema.type) {
    case "object":
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(([name]) => schema.required?.includes(name) ?? false)
          .map(([name, property]) => [name, exampleIn(property, definitions)]),
      );
    case "array":
      return Array.from({ length: schema.minItems ?? 0 }, () => exampleIn(schema.items ?? {}, definitions));
    case "string":
      return "example".padEnd(schema.minLength ?? 0, "e").slice(0, schema.maxLength ?? 100);
    case "integer":
    case "number":
      return schema.minimum ?? 0;
    case "boolean":
      return false;
    case undefined:
    default:
      return null;
  }
}
