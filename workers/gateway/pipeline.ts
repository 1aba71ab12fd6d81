import { uuidV7 } from "#adapters/uuid-v7.ts";
import { failure } from "#core/contracts/error.ts";
import { readCallHeaders } from "#core/gateway/call-headers.ts";
import { callIds } from "#core/gateway/request-id.ts";
import { readRequestBody, type BodyShape } from "#core/gateway/request-body.ts";
import type { Call, TargetedCall } from "./call.ts";
import { Deadline } from "./deadline.ts";
import { servingRegion, type GatewayEnvironment } from "./environment.ts";
import { failCall, refuseCall } from "./fail-call.ts";
import { identify } from "./identify.ts";
import { openUpstream } from "./open-upstream.ts";
import { plainAnswer, refusedAnswer } from "./plain-answer.ts";
import { receiveBody, type ReceivedBody } from "./read-body.ts";
import { resolve } from "./resolve.ts";
import { failureResponse } from "./responses.ts";
import { Stopwatch } from "./stopwatch.ts";
import { streamAnswer } from "./stream-answer.ts";

/** A call's way: identify → resolve → complete, with its record round all of it. Each stage may end it. */
export async function handleCall(
  shape: BodyShape,
  request: Request,
  env: GatewayEnvironment,
  context: ExecutionContext,
): Promise<Response> {
  const handling = answerCall(shape, request, env, context);
  // The platform drops the handler of a client that has gone; the call must still be let go, and recorded.
  context.waitUntil(handling);
  return await handling;
}

async function answerCall(shape: BodyShape, request: Request, env: GatewayEnvironment, context: ExecutionContext): Promise<Response> {
  const startedAtMs = Date.now();
  const { requestId, traceId, spanId } = callIds(uuidV7(startedAtMs));
  const region = servingRegion(env, request);
  const sent = new Map(request.headers);
  const key = await identify(env, context, sent, region);
  if (key.kind === "failure") return failureResponse(key, { requestId, traceId, provider: "" });
  const headers = readCallHeaders(sent);
  if (headers.kind === "failure") return failureResponse(headers, { requestId, traceId, provider: "" });
  const received = await receiveBody(request, sent.get("content-length"));
  const call: Call = {
    env,
    context,
    headers: sent,
    signal: request.signal,
    requestId,
    identity: {
      traceId: headers.traceId ?? traceId,
      spanId,
      shape,
      snapshot: key.snapshot,
      headers,
      servingRegion: region,
      client: sent.get("user-agent") ?? "",
      startedAtMs,
    },
    releaseBody: received.kind === "received" ? received.release : () => undefined,
  };
  if (received.kind === "failure") return await refuseCall(call, null, received);
  try {
    return await complete(call, received);
  } catch (error) {
    call.releaseBody();
    throw error;
  }
}

/** Sends the call to its one target, and answers with what comes. */
async function complete(call: Call, received: ReceivedBody): Promise<Response> {
  const body = readRequestBody(call.identity.shape, received.text);
  if (body.kind === "failure") return await refuseCall(call, null, body);
  const resolved = await resolve(call, body);
  if (resolved.kind === "failure") return await refuseCall(call, body, resolved);
  if (call.signal.aborted) return await refuseCall(call, body, failure("client_closed"));
  const deadline = new Deadline(call.identity.headers.timeouts, Date.now());
  call.signal.addEventListener("abort", () => {
    deadline.clientClosed();
  });
  const targeted: TargetedCall = { ...call, body, target: resolved.target, deadline, upstreamWait: new Stopwatch() };
  const response = await openUpstream(targeted, resolved.apiKey, resolved.changedText ?? received.bytes);
  if ("code" in response) {
    deadline.clear();
    return await failCall(targeted, response, { upstreamStatus: null });
  }
  if (!response.ok) return await refusedAnswer(targeted, response);
  if (!body.streamed) return await plainAnswer(targeted, response);
  const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = response.body?.getReader();
  if (reader !== undefined && (response.headers.get("content-type") ?? "").includes("text/event-stream")) {
    return await streamAnswer(targeted, response, reader);
  }
  deadline.clear();
  await reader?.cancel();
  const fault = failure("upstream_invalid_response", "The provider was asked for a stream and answered with something else.");
  return await failCall(targeted, fault, { upstreamStatus: response.status });
}
