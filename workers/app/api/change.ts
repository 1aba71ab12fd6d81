import type { Versioned } from "#adapters/postgres/row-version.ts";
import { attempt } from "#adapters/unavailable.ts";
import { failure, type Failure } from "#core/contracts/error.ts";
import { etagOf, namesEtag } from "./etag.ts";
import type { Handled } from "./handler.ts";

/** Something that stands in one row, with what its GET answers of it. */
interface Stored<Value> {
  readonly read: () => Promise<Versioned<Value> | null>;
  /** Writes where the row has this version still (`null`: whichever), and gives what then stands; `null`: nothing was written. */
  readonly write: (version: string | null) => Promise<Value | null>;
  readonly missing: Failure;
}

/** Changes something, under `If-Match` only where it is what that names: no write that came between is lost. */
export async function change<Value>(ifMatch: string | null, { read, write, missing }: Stored<Value>): Promise<Handled<Value>> {
  const done = await attempt("postgres", async (): Promise<Handled<Value>> => {
    const standing = ifMatch === null ? null : await read();
    if (ifMatch !== null) {
      if (standing === null) return missing;
      if (!namesEtag(ifMatch, await etagOf(standing.value))) return failure("precondition_failed", undefined, "if-match");
    }
    const value = await write(standing?.version ?? null);
    if (value !== null) return { kind: "answered", value };
    return standing === null ? missing : failure("precondition_failed", undefined, "if-match");
  });
  return done.kind === "unavailable" ? done : done.value;
}
