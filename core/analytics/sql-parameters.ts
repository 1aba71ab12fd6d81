/** The types that a value may be bound as. */
export type SqlType = "String" | "Float64" | "Bool" | "Int64" | "UInt32" | "UUID" | "Array(String)" | "Array(Float64)" | "Array(UInt32)";

/** A statement and the values of its `{name:Type}` places: what a caller sent is only ever among the values. */
export interface SqlQuery {
  readonly sql: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface SqlParameters {
  /** Keeps a value and gives the place that stands for it in the statement. */
  readonly bind: (type: SqlType, value: string | number | boolean | readonly string[] | readonly number[]) => string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** The values of one statement, named in the order in which they are bound. */
export function createSqlParameters(): SqlParameters {
  const values: Record<string, unknown> = {};
  let bound = 0;
  return {
    bind: (type, value) => {
      const name = `p${(bound += 1)}`;
      values[name] = value;
      return `{${name}:${type}}`;
    },
    values,
  };
}
