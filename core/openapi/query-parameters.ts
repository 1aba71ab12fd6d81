import type * as z from "zod";
import { toJsonSchema, type JsonSchema } from "./json-schema.ts";

/** A field of a query string or of a path, as it is written there. */
export interface Parameter {
  readonly name: string;
  readonly isRequired: boolean;
  readonly description: string;
  readonly schema: JsonSchema;
}

/**
 * Fields of a query string or of a path. There they are text; a number is told as one, and a list as the text that
 * separates its values by commas, each of which is told.
 */
export function parametersOf(schema: z.ZodObject): Parameter[] {
  const sent = toJsonSchema(schema, "input");
  const read = toJsonSchema(schema, "output").properties ?? {};
  return Object.entries(sent.properties ?? {}).map(([name, { description = "", ...text }]) => {
    const isRequired = sent.required?.includes(name) ?? false;
    const { type, items, minimum, maximum, default: usual } = read[name] ?? {};
    if (text.pattern?.startsWith("^\\d") === true) {
      const range = {
        minimum: minimum ?? 0,
        ...(maximum === undefined ? {} : { maximum }),
        ...(usual === undefined ? {} : { default: usual }),
      };
      return { name, isRequired, description, schema: { type: "integer", ...range } };
    }
    const values = type === "array" && items?.enum !== undefined ? items.enum : [];
    const list =
      values.length === 0 ? [] : [`Any of ${values.map((value) => `\`${String(value)}\``).join(", ")}; several with commas between them.`];
    return {
      name,
      isRequired,
      description: [description, ...list].filter((part) => part !== "").join(" "),
      schema: { ...(values.length === 0 ? {} : { examples: [values[0]] }), ...text },
    };
  });
}
