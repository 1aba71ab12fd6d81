import { failure, type Failure } from "#core/contracts/error.ts";
import { asRecord, parseJson } from "#core/gateway/json.ts";
import type { BodyShape } from "#core/gateway/request-body.ts";
import { formatUsd } from "#core/gateway/usd.ts";
import { AnswerReader, type AnswerFacts } from "#core/dialects/chat/answer.ts";
import { providerWords } from "#core/dialects/provider-words.ts";
import type { TargetedCall } from "./call.ts";
import { failCall } from "./fail-call.ts";
import { readAnswer, type Answer } from "./read-answer.ts";
import { priceCall, recordCall } from "./record-call.ts";
import { answerHeaders, failureResponse } from "./responses.ts";

/** Answers a call whose answer comes in one piece; its bytes pass as the provider sent them. */
export async function plainAnswer(call: TargetedCall, response: Response): Promise<Response> {
  const headersAtMs = Date.now();
  const answer = await readAnswer(call, response);
  call.deadline.clear();
  if (answer.kind === "failure") return await failCall(call, answer, { upstreamStatus: response.status });
  const facts = readFacts(answer, call.identity.shape);
  if ("code" in facts) return await failCall(call, facts, { upstreamStatus: response.status, output: answer.text });
  const endedAtMs = Date.now();
  const cost = priceCall(call, facts, endedAtMs);
  const unsafe = await recordCall(call, call.body, call.target, {
    endedAtMs,
    failure: null,
    httpStatus: response.status,
    upstreamStatus: response.status,
    ttftMs: headersAtMs - call.identity.startedAtMs,
    upstreamMs: call.upstreamWait.elapsedMs,
    facts,
    cost,
    output: { kind: "inline", mediaType: "application/json", text: answer.text },
  });
  const ids = { requestId: call.requestId, traceId: call.identity.traceId, provider: call.target.provider };
  if (unsafe !== null) return failureResponse(unsafe, ids);
  const headers = answerHeaders(ids, response.headers);
  if (cost !== null) headers["x-evalforge-cost-usd"] = formatUsd(cost.totalNanoUsd);
  return new Response(answer.bytes, { status: response.status, headers });
}

/** Where an answer of each shape has its substance. */
const substance = { chat: "choices", embedding: "data" } as const satisfies Record<BodyShape, string>;

function readFacts({ text }: Extract<Answer, { kind: "answer" }>, shape: BodyShape): AnswerFacts | Failure {
  const body = asRecord(parseJson(text));
  if (body === null) return failure("upstream_invalid_response", "The provider's answer is not a JSON object.");
  if (!Array.isArray(body[substance[shape]])) {
    const words = providerWords(body);
    return words === null
      ? failure("upstream_invalid_response", `The provider's answer has no \`${substance[shape]}\`.`)
      : failure("upstream_error", words);
  }
  const reader = new AnswerReader();
  reader.read(body);
  return reader.facts();
}

const unauthorized = 401;

/**
 * Answers a call that the provider refused. Its own words pass with its own status; what is not in the shape that
 * clients read is told in ours.
 */
export async function refusedAnswer(call: TargetedCall, response: Response): Promise<Response> {
  const answer = await readAnswer(call, response);
  call.deadline.clear();
  if (answer.kind === "failure") return await failCall(call, answer, { upstreamStatus: response.status });
  const isError = response.status >= 400;
  const body = parseJson(answer.text);
  const text = providerWords(body) ?? `The provider answered with status ${response.status}.`;
  if (response.status === unauthorized) {
    // The caller's own key is right; SDKs would say that it is not.
    const fault = failure("upstream_error", "The provider refused the credential that the gateway holds for it.");
    return await failCall(call, fault, { upstreamStatus: response.status, output: answer.text });
  }
  const fault = failure(isError ? "upstream_error" : "upstream_invalid_response", text);
  return await failCall(call, fault, {
    upstreamStatus: response.status,
    output: answer.text,
    headers: response.headers,
    ...(isError ? { passed: { status: response.status, bytes: asRecord(asRecord(body)?.["error"]) === null ? null : answer.bytes } } : {}),
  });
}
