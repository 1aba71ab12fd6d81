import type { Failure } from "../contracts/error.ts";
import type { SpanId } from "../contracts/id.ts";
import type { Span } from "../contracts/span.ts";
import type { CallTarget } from "./call-span.ts";

/** One attempt of a call that made several. */
export interface Attempt {
  readonly spanId: SpanId;
  readonly target: CallTarget;
  readonly endedAtMs: number;
  /** `null`: it is the one that answered. */
  readonly failure: Failure | null;
  readonly upstreamStatus: number | null;
}

const nothing = { kind: "omitted", reason: "none" } as const;

/** The child span of the `number`th attempt. What the call used, cost and carried stands in its own span alone. */
export function attemptSpan(call: Span, attempt: Attempt, number: number): Span {
  const { target, failure, endedAtMs } = attempt;
  return {
    ...call,
    spanId: attempt.spanId,
    parentSpanId: call.spanId,
    kind: "span",
    name: `attempt ${number}: ${target.provider}/${target.model}`,
    startedAtMs: target.startedAtMs,
    endedAtMs,
    status: failure === null ? "ok" : failure.code === "client_closed" ? "cancelled" : "error",
    error: failure === null ? null : { code: failure.code, message: failure.message, upstreamStatus: attempt.upstreamStatus },
    provider: target.provider,
    modelRequested: target.model,
    modelServed: failure === null ? call.modelServed : "",
    simulated: target.simulated,
    parameters: {},
    finishReason: null,
    toolNames: [],
    usage: null,
    usageRaw: "",
    cost: null,
    ttftMs: null,
    upstreamMs: endedAtMs - target.startedAtMs,
    overheadMs: 0,
    input: nothing,
    output: nothing,
    upstreamRequest: { url: target.url, changedFields: {} },
    holdIds: [],
  };
}
