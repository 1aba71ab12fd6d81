import type { Stop } from "../answer.ts";

/** Anthropic's `stop_reason`. */
const unified: ReadonlyMap<string, Stop["unified"]> = new Map([
  ["end_turn", "stop"],
  ["stop_sequence", "stop"],
  ["max_tokens", "length"],
  ["model_context_window_exceeded", "length"],
  ["tool_use", "tool_calls"],
  ["refusal", "content_filter"],
  ["pause_turn", "other"],
]);

/** What another dialect's stop is called here. */
const own = {
  stop: "end_turn",
  length: "max_tokens",
  tool_calls: "tool_use",
  content_filter: "refusal",
  other: "end_turn",
} as const satisfies Record<Stop["unified"], string>;

/** @param raw `null`: the provider did not say */
export function readStop(raw: string | null, sequence: unknown): Stop {
  return { unified: unified.get(raw ?? "") ?? "other", raw: raw ?? "", sequence: typeof sequence === "string" ? sequence : null };
}

/** @param callsTools an answer that does has not ended its turn, whatever its provider calls it */
export function stopReasonOf(stop: Stop, callsTools: boolean): string {
  if (unified.has(stop.raw)) return stop.raw;
  if (stop.sequence !== null) return "stop_sequence";
  const reason = own[stop.unified];
  return reason === "end_turn" && callsTools ? "tool_use" : reason;
}
