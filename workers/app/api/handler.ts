import type { BatchItem } from "drizzle-orm/batch";
import type { EndpointInput, EndpointName, EndpointOutput } from "#core/contracts/api/endpoints.ts";
import type { Failure } from "#core/contracts/error.ts";
import type { Unavailable } from "#adapters/unavailable.ts";
import type { AppEnvironment } from "../environment.ts";

/** What a request says beside its path, query and body. */
export interface RequestFacts {
  /** The `If-Match` of a change, where the endpoint has versions. */
  readonly ifMatch: string | null;
  /**
   * Of a creation: what must be written in one transaction with it, so that the same request sent again is answered
   * the same. Nothing, where it came without an idempotency key.
   */
  readonly remember: (answer: unknown) => Promise<readonly BatchItem<"pg">[]>;
  /** As they were sent. */
  readonly headers: Headers;
  /** The same of the body; empty where the endpoint takes none. */
  readonly bodyText: string;
}

/** `relayed`: another Worker of ours has answered, and its answer goes out as it is. */
export type Handled<Value> =
  | { readonly kind: "answered"; readonly value: Value }
  | { readonly kind: "relayed"; readonly response: Response }
  | Failure
  | Unavailable;

/** What an endpoint does: its output, a failure of the caller's, or the store that could not be reached. */
export type Handler<Name extends EndpointName> = (
  env: AppEnvironment,
  input: EndpointInput<Name>,
  request: RequestFacts,
) => Promise<Handled<EndpointOutput<Name>>>;

export type Handlers = { readonly [Name in EndpointName]: Handler<Name> };
