import type { Fields } from "../wire/fields.ts";
import type { Dialect } from "../wire/wire.ts";

type PerDialect<Value> = Readonly<Partial<Record<Dialect, Value>>>;

/** What must be found: an object whose named fields are equal, or one that depends on the other side. `null`: it cannot be carried. */
export type Expected = Fields | ((other: Dialect) => Fields | null);

/** One thing that clients ask for or are told, in every dialect's own words. */
export interface Feature {
  readonly name: string;
  /** The fields by which a client asks for it; absent: its API does not offer it. */
  readonly asks: PerDialect<Fields>;
  /** What a provider's request then says, by the provider's dialect; absent: that API cannot say it to it, and the call must be refused. */
  readonly sees: PerDialect<Expected>;
  /** What a refusal calls it, by the caller's dialect. */
  readonly called?: PerDialect<string>;
  /** The provider's answer, where that shows the feature; a dialect left out of it has no such answer. */
  readonly answers?: PerDialect<Fields>;
  /** What the client's answer then says. */
  readonly reads?: PerDialect<Expected>;
  /** The tokens that the call's record then holds, by the provider's dialect. */
  readonly records?: PerDialect<Fields>;
  /** The turn after this answer, which gives back what was got. */
  readonly next?: { readonly asks: PerDialect<(answer: Fields) => Fields>; readonly sees: PerDialect<Expected> };
  /** It holds what was said before: it is refused also where a caller asks for fields to be dropped. */
  readonly isNeverDropped?: true;
  /** What a reader should know of a cell that is carried, by `caller > provider`. */
  readonly remarks?: Readonly<Partial<Record<`${Dialect} > ${Dialect}`, string>>>;
}

/** A feature that each dialect says in the same way to a provider and from a client. */
export function alike(name: string, said: PerDialect<Fields>, rest: Partial<Feature> = {}): Feature {
  return { name, asks: said, sees: said, ...rest };
}

/** One that is said by a single field of the request, by its name and value in each dialect. */
export function field(name: string, said: PerDialect<readonly [name: string, value: unknown]>, rest: Partial<Feature> = {}): Feature {
  const entries = Object.entries(said);
  const asks = Object.fromEntries(entries.map(([dialect, [path, value]]) => [dialect, nested(path, value)]));
  const called = Object.fromEntries(entries.map(([dialect, [path]]) => [dialect, path]));
  return { name, asks, sees: asks, called, ...rest };
}

function nested(path: string, value: unknown): Fields {
  const [first = "", ...others] = path.split(".");
  return { [first]: others.length === 0 ? value : nested(others.join("."), value) };
}
