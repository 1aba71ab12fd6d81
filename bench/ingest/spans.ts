import { randomWords } from "../words.ts";
import { spansPerBatch } from "./loads.ts";

/** A span as clients send it, about 700 bytes as JSON with its ids. */
export interface SentSpan {
  readonly name: string;
  readonly kind: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly sessionId: string;
  readonly userId: string;
  readonly environment: string;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string | number | boolean>>;
  readonly provider: string;
  readonly modelRequested: string;
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number };
  readonly ttftMs: number;
  readonly input: readonly { readonly role: string; readonly content: string }[];
  readonly output: string;
}

const models = [
  ["openai", "gpt-4o"],
  ["openai", "gpt-4o-mini"],
  ["anthropic", "claude-sonnet-4-5"],
] as const;
const steps = ["answer", "classify", "retrieve", "summarise", "rewrite", "check policy"] as const;
const kinds = ["generation", "generation", "retriever", "generation", "tool", "chain"] as const;

/** Numbers of a seed from 0 up to 1 (mulberry32). */
function numbersOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The spans of one batch, all of which say different things; the same for the same seed but for their times. */
export function spansOf(seed: number, nowMs: number): SentSpan[] {
  const next = numbersOf(seed);
  const upTo = (max: number): number => Math.floor(next() * max);
  return Array.from({ length: spansPerBatch }, (_, index) => {
    const step = upTo(steps.length);
    const [provider, modelRequested] = models[upTo(models.length)] ?? models[0];
    const startedAtMs = nowMs - 20_000 + upTo(10_000) + upTo(1000) / 1000;
    const ticket = `${String.fromCharCode(65 + upTo(26))}-${upTo(1e6)}`;
    return {
      name: steps[step] ?? "answer",
      kind: kinds[step] ?? "generation",
      startedAtMs,
      endedAtMs: startedAtMs + 100 + upTo(4000),
      sessionId: `session-${upTo(1e9).toString(36)}`,
      userId: `user-${upTo(50_000)}`,
      environment: "production",
      tags: ["support", upTo(2) === 0 ? "mail" : "chat"],
      metadata: { ticket, turn: upTo(12), paid: upTo(2) === 0 },
      provider,
      modelRequested,
      usage: { inputTokens: 40 + upTo(900), outputTokens: 10 + upTo(250) },
      ttftMs: 80 + upTo(400),
      input: [{ role: "user", content: `${ticket}: ${randomWords(seed * 1000 + index, 8 + upTo(24))}?` }],
      output: `${randomWords(seed * 1000 + index + 500, 6 + upTo(20))} (${(next() * 900).toFixed(2)} EUR).`,
    };
  });
}
