import { failure } from "#core/contracts/error.ts";
import { providerWords } from "#core/dialects/provider-words.ts";
import type { DialectName } from "#core/dialects/dialect.ts";
import { asRecord, parseJson } from "#core/gateway/json.ts";
import { shapeDialects } from "#core/gateway/request-body.ts";
import type { TargetedCall } from "./call.ts";
import { failed, type Failed } from "./fail-call.ts";
import { readAnswer } from "./read-answer.ts";

const unauthorized = 401;

/** Both of OpenAI's APIs say their errors in one shape. */
const errorShapes = { chat: "openai", responses: "openai", messages: "anthropic" } as const satisfies Record<DialectName, string>;

/**
 * Reads what a provider refused a call with. Its own words pass with its own status; what is not in the shape that the
 * caller's clients read is told in theirs.
 */
export async function refusedAnswer(call: TargetedCall, response: Response): Promise<Failed> {
  const answer = await readAnswer(call, response);
  if (answer.kind === "failure") return failed(call, answer, { upstreamStatus: response.status });
  const isError = response.status >= 400;
  const body = parseJson(answer.text);
  const text = providerWords(body) ?? `The provider answered with status ${response.status}.`;
  if (response.status === unauthorized) {
    // The caller's own key is right; SDKs would say that it is not.
    const fault = failure("upstream_error", "The provider refused the credential that the gateway holds for it.");
    return failed(call, fault, { upstreamStatus: response.status, output: answer.text });
  }
  const isReadable =
    errorShapes[call.target.dialect] === errorShapes[shapeDialects[call.identity.shape]] && asRecord(asRecord(body)?.["error"]) !== null;
  return failed(call, failure(isError ? "upstream_error" : "upstream_invalid_response", text), {
    upstreamStatus: response.status,
    output: answer.text,
    headers: response.headers,
    ...(isError ? { passed: { status: response.status, bytes: isReadable ? answer.bytes : null } } : {}),
  });
}
