import { sendUpstream } from "#adapters/upstream.ts";
import { failure, type Failure } from "#core/contracts/error.ts";
import type { TargetedCall } from "./call.ts";

/** Headers of the caller that a provider may read; its own credential and account are not among them. */
const sentHeaders = ["openai-beta", "anthropic-beta", "anthropic-version", "idempotency-key", "user-agent"] as const;

/** The version of Anthropic's API that callers of other APIs are translated to. */
const anthropicVersion = "2023-06-01";

/** Sends a call to its provider, and waits for the headers of the answer. */
export async function openUpstream(
  call: TargetedCall,
  apiKey: string | null,
  body: string | Uint8Array<ArrayBuffer>,
): Promise<Response | Failure> {
  const headers: Record<string, string> = {
    "content-type": "application/json",
    accept: call.body.streamed ? "text/event-stream" : "application/json",
  };
  if (call.target.dialect === "messages") {
    headers["anthropic-version"] = anthropicVersion;
    if (apiKey !== null) headers["x-api-key"] = apiKey;
  } else if (apiKey !== null) headers["authorization"] = `Bearer ${apiKey}`;
  for (const name of sentHeaders) {
    const value = call.headers.get(name);
    if (value !== undefined) headers[name] = value;
  }
  // Without a signal of its own, which costs every call a tenth of its time: a call that is stopped is let go with its request.
  const sending = sendUpstream({ url: call.target.url, headers, body });
  const reply = await call.upstreamWait.time(call.deadline.limit(sending));
  if (reply !== "stopped" && reply.kind === "response") return reply.response;
  return call.deadline.failure ?? failure("upstream_unreachable");
}
