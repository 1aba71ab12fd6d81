import { failure, type Failure } from "../contracts/error.ts";
import { dialects, dialectTitles } from "../dialects/dialects.ts";
import type { DialectName, WriteTarget } from "../dialects/dialect.ts";

/** A request in its target's dialect. */
export interface TranslatedRequest {
  readonly kind: "translated";
  readonly fields: Readonly<Record<string, unknown>>;
  /** What it does not say, in the caller's words. */
  readonly dropped: readonly string[];
}

/** Fields by which a provider is told to look up what was said before: an answer without it would be to something else. */
const holdsTheConversation: ReadonlySet<string> = new Set(["previous_response_id", "conversation", "prompt", "thread"]);

/**
 * Says a request in another dialect. What that one cannot say is refused by name, or, where the caller asked for that,
 * dropped and named; what holds the conversation itself is never dropped.
 */
export function translateRequest(
  body: Readonly<Record<string, unknown>>,
  { from, to, drops }: { readonly from: DialectName; readonly to: DialectName; readonly drops: boolean },
  target: WriteTarget,
): TranslatedRequest | Failure {
  const conversation = dialects[from].readRequest(body);
  if ("kind" in conversation) return conversation;
  const written = dialects[to].writeRequest(conversation, target);
  const names: Partial<Record<string, string>> = dialects[from].wireNames;
  const dropped = written.dropped.map((name) => names[name] ?? name);
  const needed = dropped.filter((name) => holdsTheConversation.has(name));
  if (needed.length > 0) return unsupported(needed, to, target, "It holds what was said before: send that instead.");
  if (dropped.length > 0 && !drops) {
    return unsupported(dropped, to, target, "Leave it out, or send `x-evalforge-unsupported: drop`.");
  }
  return { kind: "translated", fields: written.body, dropped };
}

function unsupported(dropped: readonly string[], to: DialectName, { provider }: WriteTarget, advice: string): Failure {
  const named = dropped.map((name) => `\`${name}\``).join(", ");
  return failure(
    "unsupported_field",
    `${named}: ${dialectTitles[to]}, in which \`${provider}\` is called, has no counterpart. ${advice}`,
    dropped[0] ?? null,
  );
}
