import { sql, type SQL } from "drizzle-orm";

/** The transaction that wrote a row last: it changes with every write, so a write may ask that it has not. */
export const rowVersion = sql<string>`xmin::text`;

/** A value as it stands, and the version of the row that it stands in. */
export interface Versioned<Value> {
  readonly value: Value;
  readonly version: string;
}

/** That nothing has written a row since it had this version; `null`: whatever it has. */
export function isVersion(version: string | null): SQL | undefined {
  return version === null ? undefined : sql`xmin::text = ${version}`;
}
