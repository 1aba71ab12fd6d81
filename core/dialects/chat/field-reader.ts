import { failure, type Failure } from "../../contracts/error.ts";
import { asRecord } from "../../gateway/json.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads the fields of one request by their paths (`messages.2.content.0.type`), and keeps the first fault. After a fault
 * reading goes on with a value that stands for the missing one, and what comes of it is not used. `null` and absent are
 * the same everywhere.
 */
export class FieldReader {
  /** What has no field in a conversation, by its path. */
  readonly extras = new Map<string, unknown>();
  #fault: Failure | null = null;

  get fault(): Failure | null {
    return this.#fault;
  }

  refuse(path: string, what: string): void {
    this.#fault ??= failure("invalid_field", `\`${path}\`: ${what}`, path);
  }

  text(value: unknown, path: string): string | null {
    if (value === undefined || value === null || typeof value === "string") return value ?? null;
    this.refuse(path, "must be a string");
    return null;
  }

  /** A text that may not be missing, but may be empty. */
  anyText(value: unknown, path: string): string {
    if (typeof value !== "string") this.refuse(path, "must be a string");
    return typeof value === "string" ? value : "";
  }

  /** A text that may be neither missing nor empty. */
  requiredText(value: unknown, path: string): string {
    const text = this.anyText(value, path);
    if (text === "") this.refuse(path, "must not be empty");
    return text;
  }

  number(value: unknown, path: string): number | null {
    if (value === undefined || value === null || (typeof value === "number" && Number.isFinite(value))) return value ?? null;
    this.refuse(path, "must be a number");
    return null;
  }

  /** A whole number of at least `least`. */
  count(value: unknown, path: string, least: number): number | null {
    const number = this.number(value, path);
    if (number === null || (Number.isSafeInteger(number) && number >= least)) return number;
    this.refuse(path, `must be a whole number of at least ${least}`);
    return null;
  }

  flag(value: unknown, path: string): boolean | null {
    if (value === undefined || value === null || typeof value === "boolean") return value ?? null;
    this.refuse(path, "must be true or false");
    return null;
  }

  /** Empty where it is missing. */
  list(value: unknown, path: string): readonly unknown[] {
    if (value === undefined || value === null) return [];
    if (Array.isArray(value)) return value;
    this.refuse(path, "must be a list");
    return [];
  }

  /** An object that may not be missing. */
  fields(value: unknown, path: string): Fields {
    const fields = asRecord(value);
    if (fields === null) this.refuse(path, "must be an object");
    return fields ?? {};
  }

  /** Keeps every field that says something and is not among `known`. `place`: the path of `fields`; empty: the request. */
  keepRest(fields: Fields, known: ReadonlySet<string>, place: string): void {
    for (const [name, value] of Object.entries(fields)) {
      if (known.has(name) || saysNothing(value)) continue;
      this.extras.set(place === "" ? name : `${place}.${name}`, value);
    }
  }
}

/** `null`, an empty text, list or object: as if it were not sent. */
function saysNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
