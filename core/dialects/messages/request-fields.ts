import { failure, type Failure } from "../../contracts/error.ts";
import { asRecord } from "../../gateway/json.ts";

/** A JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

/** Something that a request says and a conversation has no field for: where it stands below its owner, and its value. */
export type Extra = readonly [suffix: string, value: unknown];

/** What objects without extras share. */
export const noExtras: readonly Extra[] = [];

/**
 * Reads single fields of a request. A fault does not stop the reading: the first one is remembered, and what is read
 * after it is thrown away with the rest. `null` and absence are the same.
 */
export class FieldReader {
  #fault: Failure | null = null;

  /** The first fault; `null`: none yet. */
  get fault(): Failure | null {
    return this.#fault;
  }

  /** @param path of the field at fault, such as `messages.2.content.0.type` */
  refuse(path: string, what: string): void {
    this.#fault ??= failure("invalid_field", `\`${path}\`: ${what}`, path);
  }

  text(of: Fields, path: string, name: string): string {
    const value = of[name];
    if (typeof value === "string") return value;
    this.refuse(below(path, name), value === undefined || value === null ? "must be given" : "must be text");
    return "";
  }

  optionalText(of: Fields, path: string, name: string): string | null {
    return isAbsent(of[name]) ? null : this.text(of, path, name);
  }

  optionalNumber(of: Fields, path: string, name: string): number | null {
    const value = of[name];
    if (isAbsent(value)) return null;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    this.refuse(below(path, name), "must be a number");
    return null;
  }

  /** A whole number of at least 0. */
  tokens(of: Fields, path: string, name: string): number {
    const value = of[name];
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
    this.refuse(below(path, name), isAbsent(value) ? "must be given" : "must be a whole number of at least 0");
    return 0;
  }

  optionalBoolean(of: Fields, path: string, name: string): boolean | null {
    const value = of[name];
    if (isAbsent(value)) return null;
    if (typeof value === "boolean") return value;
    this.refuse(below(path, name), "must be true or false");
    return null;
  }

  optionalRecord(of: Fields, path: string, name: string): Fields | null {
    return isAbsent(of[name]) ? null : this.record(of[name], below(path, name));
  }

  /** The value itself, which stands at `path`, as an object. */
  record(value: unknown, path: string): Fields {
    const fields = asRecord(value);
    if (fields !== null) return fields;
    this.refuse(path, isAbsent(value) ? "must be given" : "must be an object");
    return {};
  }

  optionalList(of: Fields, path: string, name: string): readonly unknown[] {
    const value = of[name];
    if (isAbsent(value)) return [];
    if (Array.isArray(value)) return value;
    this.refuse(below(path, name), "must be a list");
    return [];
  }
}

/** The path of a field of the object at `path`; the request itself has the empty one. */
export function below(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** What each of these means where it is not sent, as JSON: sending it says nothing. */
const defaults: ReadonlyMap<string, string> = new Map([
  ["allowed_callers", '["direct"]'],
  ["caller", '{"type":"direct"}'],
  ["citations", '{"enabled":false}'],
  ["defer_loading", "false"],
  ["speed", '"standard"'],
]);

/** The fields of an object that are none of `known` and say something. */
export function restOf(of: Fields, known: ReadonlySet<string>): readonly Extra[] {
  let rest: Extra[] | null = null;
  for (const name in of) {
    if (known.has(name) || isSilent(name, of[name])) continue;
    rest ??= [];
    rest.push([`.${name}`, of[name]]);
  }
  return rest ?? noExtras;
}

function isSilent(name: string, value: unknown): boolean {
  if (isAbsent(value)) return true;
  if (typeof value === "object" && value !== null && Object.keys(value).length === 0) return true;
  const meant = defaults.get(name);
  return meant !== undefined && JSON.stringify(value) === meant;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}
