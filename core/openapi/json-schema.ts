import * as z from "zod";

/** A JSON Schema (draft 2020-12), as far as we write it. */
export const jsonSchemaSchema = z.looseObject({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  examples: z.array(z.unknown()).optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  format: z.string().optional(),
  pattern: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  minItems: z.number().optional(),
  maxItems: z.number().optional(),
  required: z.array(z.string()).optional(),
  get properties() {
    return z.record(z.string(), jsonSchemaSchema).optional();
  },
  get items() {
    return jsonSchemaSchema.optional();
  },
  get additionalProperties() {
    return z.union([z.boolean(), jsonSchemaSchema]).optional();
  },
  get oneOf() {
    return z.array(jsonSchemaSchema).optional();
  },
  get anyOf() {
    return z.array(jsonSchemaSchema).optional();
  },
  get allOf() {
    return z.array(jsonSchemaSchema).optional();
  },
  get $defs() {
    return z.record(z.string(), jsonSchemaSchema).optional();
  },
});
export type JsonSchema = z.infer<typeof jsonSchemaSchema>;

/** `input`: what is sent. `output`: what is answered. They differ where fields have defaults. */
type Direction = "input" | "output";

/** A schema of ours as JSON Schema; what it cannot say (our own checks) is left out. */
export function toJsonSchema(schema: z.ZodType, direction: Direction): JsonSchema {
  const { $schema: _, ...json } = jsonSchemaSchema.parse(z.toJSONSchema(schema, { io: direction, unrepresentable: "any" }));
  return json;
}

/**
 * Named schemas (`.meta({ id })`) in one place, each once. One that is sent in another form than it is answered is called
 * `<id>Input` there.
 */
export class NamedSchemas {
  readonly #schemas = new Map<string, JsonSchema>();

  /** A schema, with references to the named ones in it. Outputs must be given first. */
  add(schema: z.ZodType, direction: Direction): JsonSchema {
    const { $defs = {}, ...json } = toJsonSchema(schema, direction);
    const names = new Map(Object.entries($defs).map(([id, definition]) => [id, this.#nameOf(id, definition, direction)]));
    for (const [id, definition] of Object.entries($defs)) this.#schemas.set(names.get(id) ?? id, renamed(definition, names));
    return renamed(json, names);
  }

  all(): Readonly<Record<string, JsonSchema>> {
    return Object.fromEntries([...this.#schemas].toSorted(([one], [other]) => (one < other ? -1 : 1)));
  }

  #nameOf(id: string, definition: JsonSchema, direction: Direction): string {
    const known = this.#schemas.get(id);
    const isSame = known === undefined || JSON.stringify(known) === JSON.stringify(renamed(definition, new Map()));
    return direction === "output" || isSame ? id : `${id}Input`;
  }
}

const prefix = "#/$defs/";

/** With references that lead to where the named schemas stand. */
function renamed(schema: JsonSchema, names: ReadonlyMap<string, string>): JsonSchema {
  const text = JSON.stringify(schema, (key, value: unknown) => {
    if (key !== "$ref" || typeof value !== "string" || !value.startsWith(prefix)) return value;
    const id = value.slice(prefix.length);
    return `#/components/schemas/${names.get(id) ?? id}`;
  });
  return jsonSchemaSchema.parse(JSON.parse(text));
}
