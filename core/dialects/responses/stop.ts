import type { AnswerBlock, Stop } from "../answer.ts";

/** What an answer holds, as far as its stop depends on it. */
export interface Content {
  readonly calls: boolean;
  readonly refuses: boolean;
  readonly speaks: boolean;
}

/** `incomplete_details.reason`. */
const reasons: ReadonlyMap<string, Stop["unified"]> = new Map([
  ["max_output_tokens", "length"],
  ["content_filter", "content_filter"],
  ["max_messages", "other"],
  ["steered", "other"],
]);

/** Why an answer ended before it was whole, where another dialect's word says so. */
const reasonOf: Readonly<Record<Stop["unified"], string | null>> = {
  stop: null,
  tool_calls: null,
  length: "max_output_tokens",
  content_filter: "content_filter",
  other: null,
};

/** `status` and `incomplete_details.reason` of a response, of which a missing status is that of a whole one. */
export function readStop(status: unknown, reason: unknown, content: Content): Stop {
  if (typeof status !== "string" || status === "completed") return { unified: unifiedOf(content), raw: "completed", sequence: null };
  const raw = status === "incomplete" && typeof reason === "string" ? reason : status;
  return { unified: reasons.get(raw) ?? "other", raw, sequence: null };
}

/** A response's status: whole, or ended early for a reason. A model's own refusal is a whole answer. */
export function writeStop(stop: Stop, content: Content): { readonly status: "completed" | "incomplete"; readonly reason: string | null } {
  if (stop.raw === "completed") return { status: "completed", reason: null };
  const isOwnRefusal = stop.unified === "content_filter" && content.refuses && !content.speaks && stop.raw !== "content_filter";
  const reason = reasons.has(stop.raw) ? stop.raw : isOwnRefusal ? null : reasonOf[stop.unified];
  return { status: reason === null ? "completed" : "incomplete", reason };
}

/** What some blocks hold. */
export function contentOf(blocks: readonly AnswerBlock[]): Content {
  return {
    calls: blocks.some((block) => block.kind === "tool-call"),
    refuses: blocks.some((block) => block.kind === "refusal"),
    speaks: blocks.some((block) => block.kind === "text" && block.text !== ""),
  };
}

function unifiedOf({ calls, refuses, speaks }: Content): Stop["unified"] {
  if (calls) return "tool_calls";
  return refuses && !speaks ? "content_filter" : "stop";
}
