import { uuidV7 } from "#adapters/uuid-v7.ts";
import { failure } from "#core/contracts/error.ts";
import { readCallHeaders } from "#core/gateway/call-headers.ts";
import type { CallIdentity } from "#core/gateway/call-span.ts";
import { callIds } from "#core/gateway/request-id.ts";
import { readRequestBody, shapeDialects, type CallShape } from "#core/gateway/request-body.ts";
import type { Call } from "./call.ts";
import { CallLimits } from "./call-limits.ts";
import { complete } from "./complete.ts";
import { servingRegion, type GatewayEnvironment } from "./environment.ts";
import { refuseCall } from "./fail-call.ts";
import { identify, type Identify } from "./identify.ts";
import { receiveBody } from "./read-body.ts";
import { failureResponse, type AnswerIds } from "./responses.ts";

/** A call's way: identify → resolve → admit → complete, with its record round all of it. Each stage may end it. */
export async function handleCall(
  shape: CallShape,
  request: Request,
  env: GatewayEnvironment,
  context: ExecutionContext,
  whose: Identify = identify,
): Promise<Response> {
  const handling = answerCall(shape, request, env, context, whose);
  // The platform drops the handler of a client that has gone; the call must still be let go, and recorded.
  context.waitUntil(handling);
  return await handling;
}

async function answerCall(
  shape: CallShape,
  request: Request,
  env: GatewayEnvironment,
  context: ExecutionContext,
  whose: Identify,
): Promise<Response> {
  const startedAtMs = Date.now();
  const { requestId, traceId, spanId } = callIds(uuidV7(startedAtMs));
  const region = servingRegion(env, request);
  const sent = new Map(request.headers);
  const ids: AnswerIds = { requestId, traceId, dialect: shapeDialects[shape], target: null, attempts: 1, limitHeaders: null };
  const key = await whose(env, context, sent, region);
  if (key.kind === "failure") return failureResponse(key, ids);
  const headers = readCallHeaders(sent);
  if (headers.kind === "failure") return failureResponse(headers, ids);
  const received = await receiveBody(request, sent.get("content-length"));
  const identity: CallIdentity = {
    traceId: headers.traceId ?? traceId,
    spanId,
    shape,
    snapshot: key.snapshot,
    headers,
    servingRegion: region,
    client: sent.get("user-agent") ?? "",
    startedAtMs,
  };
  const { limits } = key.snapshot;
  const call: Call = {
    env,
    context,
    headers: sent,
    signal: request.signal,
    requestId,
    identity,
    // To count tokens costs nothing.
    limits: limits === null || shape === "count-tokens" ? null : new CallLimits(env, context, requestId, identity, limits),
    failedAttempts: [],
    releaseBody: received.kind === "received" ? received.release : () => undefined,
  };
  if (received.kind === "failure") return await refuseCall(call, null, received);
  try {
    const body = readRequestBody(shape, received.text);
    if (body.kind === "failure") return await refuseCall(call, null, body);
    if (call.signal.aborted) return await refuseCall(call, body, failure("client_closed"));
    return await complete(call, body, received.bytes);
  } catch (error) {
    call.limits?.settleUnknown();
    call.releaseBody();
    throw error;
  }
}
