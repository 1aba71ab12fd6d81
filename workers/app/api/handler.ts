import type { EndpointInput, EndpointName, EndpointOutput } from "#core/contracts/api/endpoints.ts";
import type { Failure } from "#core/contracts/error.ts";
import type { Unavailable } from "#adapters/unavailable.ts";
import type { AppEnvironment } from "../environment.ts";

/** What an endpoint does: its output, a failure of the caller's, or the store that could not be reached. */
export type Handler<Name extends EndpointName> = (
  env: AppEnvironment,
  input: EndpointInput<Name>,
) => Promise<{ readonly kind: "answered"; readonly value: EndpointOutput<Name> } | Failure | Unavailable>;

export type Handlers = { readonly [Name in EndpointName]: Handler<Name> };
