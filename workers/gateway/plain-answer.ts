import { errors, failure, type Failure } from "#core/contracts/error.ts";
import { asRecord, parseJson } from "#core/gateway/json.ts";
import { formatUsd } from "#core/gateway/usd.ts";
import { translateAnswer, type TranslatedAnswer } from "#core/gateway/translate-answer.ts";
import type { TargetedCall } from "./call.ts";
import { contextOf } from "./answer-context.ts";
import { failed, type Failed } from "./fail-call.ts";
import { readAnswer } from "./read-answer.ts";
import { priceCall, recordCall } from "./record-call.ts";
import { answerHeaders, failureResponse, idsOf } from "./responses.ts";

/** Answers a call whose answer comes in one piece; in the caller's own dialect its bytes pass as the provider sent them. */
export async function plainAnswer(call: TargetedCall, response: Response): Promise<Response | Failed> {
  const headersAtMs = Date.now();
  const answer = await readAnswer(call, response);
  if (answer.kind === "failure") return failed(call, answer, { upstreamStatus: response.status });
  const read = translate(call, answer.text);
  if ("code" in read) return failed(call, read, { upstreamStatus: response.status, output: answer.text });
  call.deadline.clear();
  // A key may ask to read on for a client that has gone.
  const gone = call.signal.aborted ? failure("client_closed") : null;
  const endedAtMs = Date.now();
  const cost = priceCall(call, read.facts, endedAtMs);
  const text = read.fields === null ? answer.text : JSON.stringify(read.fields);
  const unsafe = await recordCall(call, call.body, call.target, {
    endedAtMs,
    failure: gone,
    httpStatus: gone === null ? response.status : errors.client_closed.httpStatus,
    upstreamStatus: response.status,
    ttftMs: headersAtMs - call.identity.startedAtMs,
    upstreamMs: call.upstreamWait.elapsedMs,
    facts: read.facts,
    cost,
    output: { kind: "inline", mediaType: "application/json", text },
  });
  const ids = idsOf(call, call.target);
  if (unsafe !== null) return failureResponse(unsafe, ids);
  const headers = answerHeaders(ids, response.headers);
  if (cost !== null) headers["x-evalforge-cost-usd"] = formatUsd(cost.totalNanoUsd);
  if (read.fields !== null) headers["content-type"] = "application/json";
  return new Response(read.fields === null ? answer.bytes : text, { status: response.status, headers });
}

function translate(call: TargetedCall, text: string): TranslatedAnswer | Failure {
  const body = asRecord(parseJson(text));
  if (body === null) return failure("upstream_invalid_response", "The provider's answer is not a JSON object.");
  return translateAnswer(call.identity.shape, call.target.dialect, body, () => contextOf(call));
}
