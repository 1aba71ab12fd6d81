import { readAnthropicRequest, showsAnthropic } from "./anthropic.ts";
import { apis } from "./apis.ts";
import { readChatRequest } from "./chat.ts";
import { readEmbeddingRequest } from "./embedding.ts";
import { parseJson } from "./json.ts";
import { readResponsesRequest, showsResponses } from "./responses.ts";
import type { RequestReader, RequestView } from "./view.ts";

/** The text of a request body → a conversation, inputs to embed, or the text itself. `api`: the span's; empty: not known. */
export function readRequest(text: string, api: string): RequestView {
  const parsed = parseJson(text);
  if (parsed.kind === "not-json") return { kind: "text", text };
  const read = apis.get(api)?.readRequest ?? likelyReader(parsed.value);
  return read(parsed.value) ?? { kind: "text", text };
}

/** Two APIs have `messages`, and two have `input`: what only one of them says decides. */
function likelyReader(body: unknown): RequestReader {
  if (showsAnthropic(body)) return readAnthropicRequest;
  if (showsResponses(body)) return readResponsesRequest;
  return (plain) => readChatRequest(plain) ?? readEmbeddingRequest(plain);
}
