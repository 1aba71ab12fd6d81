import { createClient, type ApiAnswer, type ApiRequest, type CallInput, type CallResult } from "#core/contracts/api/client.ts";
import type { EndpointName, EndpointOutput } from "#core/contracts/api/endpoints.ts";
import type { Session } from "../session.ts";

export type { CallFailure, CallInput } from "#core/contracts/api/client.ts";

/** Calls an endpoint of the table with the session's key. `null`: the signal aborted it. */
export async function call<Name extends EndpointName>(
  session: Session,
  name: Name,
  input: CallInput<Name>,
  signal: AbortSignal,
): Promise<CallResult<EndpointOutput<Name>> | null> {
  const send = async ({ method, address, headers, body }: ApiRequest): Promise<ApiAnswer | null> => {
    const init = { method, headers: { ...headers, authorization: `Bearer ${session.adminKey}` }, body, signal, cache: "no-store" } as const;
    try {
      const response = await fetch(address, init);
      const answer: unknown = await response.json().catch(() => null);
      return { status: response.status, body: answer };
    } catch {
      return null;
    }
  };
  const result = await createClient({ send }).call(name, input);
  return signal.aborted ? null : result;
}
