/** OpenAI's `finish_reason`, and what other providers mean by the same. */
const unified = new Map([
  ["stop", "stop"],
  ["length", "length"],
  ["tool_calls", "tool_calls"],
  ["function_call", "tool_calls"],
  ["content_filter", "content_filter"],
]);

/** The provider's own word, and ours for it (`other` where we have none). */
export function readFinishReason(raw: unknown): { readonly unified: string; readonly raw: string } | null {
  return typeof raw === "string" ? { unified: unified.get(raw) ?? "other", raw } : null;
}
