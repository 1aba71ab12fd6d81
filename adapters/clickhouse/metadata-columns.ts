import type { Metadata } from "#core/contracts/span.ts";
import { columnOf, type Column } from "./native/column.ts";

export interface HasMetadata {
  readonly metadata: Metadata;
}

/** The entries of one type, each of which has a column of its own. */
function entriesOf<Value>(isOfType: (value: unknown) => value is Value) {
  return ({ metadata }: HasMetadata): (readonly [string, Value])[] => {
    const pairs: (readonly [string, Value])[] = [];
    for (const [name, value] of Object.entries(metadata)) if (isOfType(value)) pairs.push([name, value]);
    return pairs;
  };
}

/** The columns of what clients say of their spans and scores in names of their own. */
export const metadataColumns = {
  metadata_text: columnOf.textMap(entriesOf((value) => typeof value === "string")),
  metadata_number: columnOf.numberMap(entriesOf((value) => typeof value === "number")),
  metadata_boolean: columnOf.boolMap(entriesOf((value) => typeof value === "boolean")),
} as const satisfies Record<string, Column<HasMetadata>>;
