import type { JsonSchema } from "./json-schema.ts";

/** One field of a JSON value, as a person reads it. */
export interface FieldRow {
  /** As in `masking[].kind`; of a map, `rates.*`. */
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  /** What else is said of it: its meaning, its limits, what it is where left out. */
  readonly notes: readonly string[];
}

type Definitions = Readonly<Record<string, JsonSchema>>;

const depthMax = 6;

/** The fields of a schema, each before those inside it. `definitions` are what its references lead to. */
export function fieldRows(schema: JsonSchema, definitions: Definitions): FieldRow[] {
  return rowsIn(schema, { definitions, prefix: "", depth: 0 });
}

interface Place {
  readonly definitions: Definitions;
  readonly prefix: string;
  readonly depth: number;
}

function rowsIn(given: JsonSchema, place: Place): FieldRow[] {
  const { definitions, prefix, depth } = place;
  const schema = resolved(given, definitions);
  if (depth > depthMax) return [];
  const inner = { definitions, depth: depth + 1 };
  if (schema.items !== undefined) return rowsIn(schema.items, { ...inner, prefix: `${prefix}[]` });
  const rows = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const path = prefix === "" ? name : `${prefix}.${name}`;
    const row = rowOf(path, property, definitions, schema.required?.includes(name) ?? false);
    return [row, ...rowsIn(property, { ...inner, prefix: path })];
  });
  const parts = (schema.allOf ?? []).flatMap((part) => rowsIn(part, { ...inner, prefix }));
  const variants = variantRows(schema.oneOf ?? schema.anyOf ?? [], { ...inner, prefix });
  const values =
    typeof schema.additionalProperties === "object" ? rowsIn(schema.additionalProperties, { ...inner, prefix: `${prefix}.*` }) : [];
  return distinct([...rows, ...parts, ...variants, ...values]);
}

/** Of a value that may be one of several objects: a field that only some of them have says which, by what they are told apart by. */
function variantRows(variants: readonly JsonSchema[], place: Place): FieldRow[] {
  const rowsOfEach = variants.map((variant) => rowsIn(variant, place));
  const objects = rowsOfEach.filter((rows) => rows.length > 0);
  return variants.flatMap((variant, index) => {
    const mark = Object.entries(resolved(variant, place.definitions).properties ?? {}).find(([, { const: value }]) => value !== undefined);
    return (rowsOfEach[index] ?? []).map((row): FieldRow => {
      if (objects.every((rows) => rows.some(({ name }) => name === row.name))) return row;
      return {
        ...row,
        isRequired: false,
        notes: mark === undefined ? row.notes : [`With \`${mark[0]}\` ${JSON.stringify(mark[1].const)}.`, ...row.notes],
      };
    });
  });
}

/** Variants of a value may have a field in common: it is told once, with all that it may be. */
function distinct(rows: readonly FieldRow[]): FieldRow[] {
  return Array.from(
    Map.groupBy(rows, ({ name }) => name),
    ([name, same]) => ({
      name,
      type: [...new Set(same.map(({ type }) => type))].join(" or "),
      isRequired: same.every(({ isRequired }) => isRequired),
      notes: [...new Set(same.flatMap(({ notes }) => notes))],
    }),
  );
}

function rowOf(name: string, given: JsonSchema, definitions: Definitions, isRequired: boolean): FieldRow {
  const schema = resolved(given, definitions);
  const usual = given.default ?? schema.default;
  const description = given.description ?? schema.description;
  return {
    name,
    type: typeOf(schema, definitions),
    isRequired,
    notes: [
      ...(description === undefined ? [] : [description]),
      ...limitsOf(schema),
      ...(usual === undefined || isRequired ? [] : [`Where left out: \`${JSON.stringify(usual)}\`.`]),
    ],
  };
}

function resolved(schema: JsonSchema, definitions: Definitions): JsonSchema {
  return schema.$ref === undefined ? schema : (definitions[schema.$ref.replace(/^.*\//, "")] ?? {});
}

/** What a value may be, in a few words. */
export function typeOf(given: JsonSchema, definitions: Definitions): string {
  const schema = resolved(given, definitions);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" or ");
  const variants = schema.oneOf ?? schema.anyOf;
  if (variants !== undefined) return [...new Set(variants.map((variant) => typeOf(variant, definitions)))].join(" or ");
  if (schema.items !== undefined) return `list of ${typeOf(schema.items, definitions)}`;
  if (schema.allOf !== undefined) return "object";
  const { type, format } = schema;
  if (format !== undefined) return format;
  if (type === undefined) return "anything";
  return (typeof type === "string" ? [type] : type).join(" or ");
}

/** Text that stores can keep; told in words, since its expression says little. */
const noControlCharacters = String.raw`^[^\p{Cc}\p{Cs}]*$`;

/** Limits in words, as far as they tell anything. */
export function limitsOf(schema: JsonSchema): string[] {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems, pattern } = schema;
  return [
    ...rangeText(minimum, maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum, ""),
    ...rangeText(minLength, maxLength, " characters"),
    ...rangeText(minItems, maxItems, " entries"),
    ...(pattern === undefined || schema.format !== undefined
      ? []
      : [pattern === noControlCharacters ? "No control characters." : `Matches \`${pattern}\`.`]),
  ];
}

function rangeText(least: number | undefined, most: number | undefined, unit: string): string[] {
  if (least === undefined && most === undefined) return [];
  if (least === undefined) return [`At most ${most}${unit}.`];
  return [most === undefined ? `At least ${least}${unit}.` : `${least} to ${most}${unit}.`];
}
