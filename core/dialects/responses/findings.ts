import { failure, type Failure } from "../../contracts/error.ts";
import { asRecord } from "../../gateway/json.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** A kind of value: how it is known, and what a caller is told who sent another. */
interface Shape<Value> {
  readonly is: (value: unknown) => value is Value;
  readonly what: string;
}

const text: Shape<string> = { is: (value) => typeof value === "string", what: "must be a string" };
const number: Shape<number> = { is: (value): value is number => Number.isFinite(value), what: "must be a number" };
const count: Shape<number> = {
  is: (value): value is number => Number.isSafeInteger(value) && Number(value) >= 0,
  what: "must be a whole number, not below 0",
};
const flag: Shape<boolean> = { is: (value) => typeof value === "boolean", what: "must be true or false" };
const record: Shape<Fields> = { is: (value): value is Fields => asRecord(value) !== null, what: "must be an object" };
const list: Shape<readonly unknown[]> = { is: (value): value is readonly unknown[] => Array.isArray(value), what: "must be a list" };

/** What a field of a request may hold. */
export const shapes = { text, number, count, flag, record, list } as const;

/** What reading a request finds beside its meaning: the first fault, and every field that has no counterpart. */
export class Findings {
  readonly extras = new Map<string, unknown>();
  #fault: Failure | null = null;

  /** `invalid_field`, naming the first field that was refused. */
  get fault(): Failure | null {
    return this.#fault;
  }

  refuse(path: string, what: string): void {
    this.#fault ??= failure("invalid_field", `\`${path}\`: ${what}`, path);
  }

  /** A field that may be missing; `null`: it is, or it was refused. */
  optional<Value>(value: unknown, path: string, shape: Shape<Value>): Value | null {
    if (value === undefined || value === null) return null;
    if (shape.is(value)) return value;
    this.refuse(path, shape.what);
    return null;
  }

  /** A field that must be there; `null`: it was refused. */
  required<Value>(value: unknown, path: string, shape: Shape<Value>): Value | null {
    if (shape.is(value)) return value;
    this.refuse(path, shape.what);
    return null;
  }

  /** A string that must be there; empty: it was refused. */
  text(value: unknown, path: string): string {
    return this.required(value, path, text) ?? "";
  }

  /** Notes what has no counterpart, unless it says nothing. */
  note(name: string, value: unknown): void {
    if (says(value)) this.extras.set(name, value);
  }

  /** Notes every member that is not among the `known`, under `path` and its name. */
  noteRest(fields: Fields, known: ReadonlySet<string>, path: string): void {
    for (const name of Object.keys(fields)) {
      if (!known.has(name)) this.note(`${path}.${name}`, fields[name]);
    }
  }
}

/** `null`, an empty list and an empty object say nothing. */
function says(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}
