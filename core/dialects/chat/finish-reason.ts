import type { Stop } from "../answer.ts";

/** OpenAI's `finish_reason`, and what other providers mean by the same. */
const unified = new Map<string, Stop["unified"]>([
  ["stop", "stop"],
  ["length", "length"],
  ["tool_calls", "tool_calls"],
  ["function_call", "tool_calls"],
  ["content_filter", "content_filter"],
]);

/** The provider's own word, and ours for it (`other` where we have none). */
export function readFinishReason(raw: unknown): { readonly unified: Stop["unified"]; readonly raw: string } | null {
  return typeof raw === "string" ? { unified: unified.get(raw) ?? "other", raw } : null;
}

/** What the rest of the answer says of its end. */
export interface StopSigns {
  readonly hasToolCalls: boolean;
  readonly hasRefusal: boolean;
}

/**
 * OpenAI says `stop` after a refusal, and after a call of a tool that the caller had named; some providers after any call.
 *
 * @returns `null` where the provider gives no reason (yet).
 */
export function readStop(raw: unknown, { hasToolCalls, hasRefusal }: StopSigns): Stop | null {
  const reason = raw === "" ? null : readFinishReason(raw);
  if (reason === null) return null;
  const isSilent = reason.unified === "stop" && (hasToolCalls || hasRefusal);
  return { unified: isSilent ? (hasToolCalls ? "tool_calls" : "content_filter") : reason.unified, raw: reason.raw, sequence: null };
}

const finishReasons = {
  stop: "stop",
  length: "length",
  tool_calls: "tool_calls",
  content_filter: "content_filter",
  // OpenAI's clients know no other word.
  other: "stop",
} as const satisfies Record<Stop["unified"], string>;

const ownWords: ReadonlySet<string> = new Set(Object.values(finishReasons));

/** One of the four words that OpenAI's clients know; the provider's own where it is one of them. */
export function writeFinishReason({ unified, raw }: Stop): string {
  return ownWords.has(raw) ? raw : finishReasons[unified];
}
