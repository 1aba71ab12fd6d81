import { apis } from "./apis.ts";
import { accumulateChat } from "./chat-stream.ts";
import { readEventStream } from "./event-stream.ts";
import { parseJson } from "./json.ts";
import type { AnswerView } from "./view.ts";

/**
 * The text of an answer (plain JSON, or a stream of OpenAI's chat completions) → messages, vectors, or the text itself.
 * `api`: the span's; where it is not known the answer's own shape tells.
 */
export function readAnswer(text: string, mediaType: string, api: string): AnswerView {
  if (mediaType.startsWith("text/event-stream")) {
    const accumulated = accumulateChat(readEventStream(text));
    return accumulated.choices.length > 0 || accumulated.errorText !== "" ? { kind: "chat", ...accumulated } : { kind: "text", text };
  }
  const parsed = parseJson(text);
  if (parsed.kind === "not-json") return { kind: "text", text };
  const known = apis.get(api);
  for (const { readAnswer } of known ? [known] : apis.values()) {
    const answer = readAnswer(parsed.value);
    if (answer !== null) return answer;
  }
  return { kind: "text", text };
}
