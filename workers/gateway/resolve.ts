import { resolveAccess } from "#adapters/credentials.ts";
import type { Failure } from "#core/contracts/error.ts";
import type { CallTarget } from "#core/gateway/call-span.ts";
import { readModelReference } from "#core/gateway/model-reference.ts";
import { upstreamBody, type BodyShape, type RequestBody } from "#core/gateway/request-body.ts";
import type { Call } from "./call.ts";

const paths = { chat: "/chat/completions", embedding: "/embeddings" } as const satisfies Record<BodyShape, string>;

/** The one target of a call, with what is sent there. */
export interface Resolved {
  readonly kind: "resolved";
  readonly target: CallTarget;
  /** `null`: the address takes no key. */
  readonly apiKey: string | null;
  /** `null`: the bytes pass as they came. */
  readonly changedText: string | null;
}

/** Where a call goes, by its model. */
export async function resolve({ env, identity }: Call, body: RequestBody): Promise<Resolved | Failure> {
  const reference = readModelReference(body.model);
  if (reference.kind === "failure") return reference;
  const access = await resolveAccess(env, identity.snapshot, reference.provider);
  if (access.kind === "failure") return access;
  const { text, changedFields } = upstreamBody(body, reference);
  return {
    kind: "resolved",
    target: { provider: reference.provider, url: access.baseUrl + paths[identity.shape], simulated: access.simulated, changedFields },
    apiKey: access.apiKey,
    changedText: Object.keys(changedFields).length === 0 ? null : text,
  };
}
