/** A store that could not be reached or refused: a value, never an exception. Not for callers. */
export interface Unavailable {
  readonly kind: "unavailable";
  readonly store: StoreName;
  /** The store's or the system's own code (`252`, `ECONNREFUSED`); empty where there is none. */
  readonly code: string;
  /** What was said. Of a store that refuses what it is given it may quote that, and then belongs in no log. */
  readonly reason: string;
}

export type StoreName = "postgres" | "clickhouse" | "redis" | "r2" | "limits" | "gateway";

export function unavailable(store: StoreName, error: unknown): Unavailable {
  return { kind: "unavailable", store, code: codeOf(error), reason: describe(error) };
}

/** What `work` gives, or why its store could not. */
export async function attempt<Value>(store: StoreName, work: () => Promise<Value>): Promise<Answered<Value> | Unavailable> {
  try {
    return { kind: "answered", value: await work() };
  } catch (error) {
    return unavailable(store, error);
  }
}

export interface Answered<Value> {
  readonly kind: "answered";
  readonly value: Value;
}

/** What kind of error it is, in one word that quotes nothing: the store's own code, else its class. */
export function errorClass(error: unknown): string {
  const code = codeOf(error);
  if (code !== "") return code;
  return error instanceof Error ? error.name : typeof error;
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const code: unknown = Reflect.get(error, "code");
  return typeof code === "string" ? code : codeOf(error.cause);
}

/** Drivers hide the cause ("fetch failed") one level down. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const message = error.message === "" ? error.name : error.message;
  return error.cause === undefined ? message : `${message}: ${describe(error.cause)}`;
}
