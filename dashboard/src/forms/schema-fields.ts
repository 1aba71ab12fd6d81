import * as z from "zod";

/** One field of a form, as its schema says it. */
export interface SchemaField {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly isRequired: boolean;
  readonly input:
    | { readonly kind: "text" }
    | { readonly kind: "choice"; readonly options: readonly string[] }
    | { readonly kind: "choices"; readonly options: readonly string[] }
    /** One text a line. */
    | { readonly kind: "lines" };
}

/** What a form holds while it is filled in. */
export type FormValues = Readonly<Record<string, string | readonly string[]>>;

const propertySchema = z.object({
  title: z.string().optional(),
  type: z.string().optional(),
  description: z.string().optional(),
  enum: z.array(z.string()).optional(),
  default: z.unknown().optional(),
  items: z.object({ enum: z.array(z.string()).optional() }).optional(),
});
const objectSchema = z.object({ properties: z.record(z.string(), z.unknown()), required: z.array(z.string()).default([]) });

/** The fields of an object's schema in their order; those that a form cannot ask for (objects, say) are left out. */
export function schemaFields(schema: z.ZodObject): readonly SchemaField[] {
  const { properties, required } = objectSchema.parse(z.toJSONSchema(schema, { io: "input", unrepresentable: "any", reused: "inline" }));
  return Object.entries(properties).flatMap(([name, written]): readonly SchemaField[] => {
    const property = propertySchema.safeParse(written);
    if (!property.success) return [];
    const input = inputOf(property.data);
    if (input === null) return [];
    return [
      {
        name,
        label: property.data.title ?? labelOf(name),
        description: property.data.description ?? "",
        isRequired: required.includes(name),
        input,
      },
    ];
  });
}

function inputOf({ type, enum: options, items }: z.infer<typeof propertySchema>): SchemaField["input"] | null {
  if (options !== undefined) return { kind: "choice", options };
  if (type === "string") return { kind: "text" };
  if (type !== "array") return null;
  return items?.enum === undefined ? { kind: "lines" } : { kind: "choices", options: items.enum };
}

/** `onDisconnect` → `On disconnect`. */
function labelOf(name: string): string {
  const words = name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What stands in the fields at first; `held` is what is there already. */
export function initialValues(fields: readonly SchemaField[], held: Readonly<Record<string, unknown>>): FormValues {
  return Object.fromEntries(
    fields.map(({ name, input }): [string, string | readonly string[]] => {
      const value = held[name];
      if (input.kind === "lines") return [name, Array.isArray(value) ? value.join("\n") : ""];
      if (input.kind === "choices") return [name, Array.isArray(value) ? value.map(String) : []];
      if (typeof value === "string") return [name, value];
      return [name, input.kind === "choice" ? (input.options[0] ?? "") : ""];
    }),
  );
}

export type FormOutcome<Output> =
  | { readonly kind: "valid"; readonly value: Output }
  | { readonly kind: "invalid"; readonly faults: Readonly<Record<string, string>> };

/** Reads a form as its schema does; a field that is left empty and need not be there is left out. */
export function readForm<Schema extends z.ZodObject>(
  schema: Schema,
  fields: readonly SchemaField[],
  values: FormValues,
): FormOutcome<z.output<Schema>> {
  const written = Object.fromEntries(
    fields.flatMap(({ name, input, isRequired }) => {
      const value = values[name] ?? "";
      if (input.kind === "lines") {
        const lines = String(value)
          .split("\n")
          .map((line) => line.trim());
        return [[name, lines.filter((line) => line !== "")]];
      }
      return value === "" && !isRequired ? [] : [[name, value]];
    }),
  );
  const parsed = schema.safeParse(written);
  if (parsed.success) return { kind: "valid", value: parsed.data };
  const faults: Record<string, string> = {};
  for (const { path, message } of parsed.error.issues) faults[String(path[0] ?? "")] ??= message;
  return { kind: "invalid", faults };
}
