import fc from "fast-check";
import type { Usage } from "../../contracts/usage.ts";
import type { Answer, AnswerBlock, Stop } from "../answer.ts";
import type { Seal } from "../conversation.ts";
import { readStop } from "./stop-reason.ts";

const words = fc.string({ unit: "grapheme", minLength: 1 });
const text = fc.string({ unit: "grapheme" });
const seal: fc.Arbitrary<Seal> = fc.record({ origin: fc.constantFrom("messages" as const, "responses" as const), value: words });
const argumentsText = fc.oneof(
  fc.dictionary(words, fc.jsonValue()).map((value) => JSON.stringify(JSON.parse(JSON.stringify(value)))),
  // No JSON at all: the model was cut off.
  words.map((rest) => `{"city": "${rest}`),
);
const block: fc.Arbitrary<AnswerBlock> = fc.oneof(
  fc.record({ kind: fc.constant("text" as const), text, logprobs: fc.constant([]) }),
  fc.record({ kind: fc.constant("tool-call" as const), id: words, name: words, arguments: argumentsText }),
  fc.record({ kind: fc.constant("thinking" as const), text, seal: fc.option(seal, { nil: null }) }),
  fc.record({ kind: fc.constant("redacted-thinking" as const), seal }),
);
const stop: fc.Arbitrary<Stop> = fc
  .record({
    raw: fc.constantFrom("end_turn", "max_tokens", "stop_sequence", "tool_use", "refusal", "pause_turn"),
    sequence: fc.option(words, { nil: null }),
  })
  .map(({ raw, sequence }) => readStop(raw, sequence));
const usage: fc.Arbitrary<Usage> = fc.record({
  inputTokens: fc.nat(),
  inputCachedTokens: fc.nat(),
  cacheWriteTokens: fc.nat(),
  cacheWriteHourTokens: fc.nat(),
  inputAudioTokens: fc.constant(0),
  inputImageTokens: fc.constant(0),
  outputTokens: fc.nat(),
  reasoningTokens: fc.nat(),
  outputAudioTokens: fc.constant(0),
});

/** Answers that this dialect can tell. */
export function answersOf(model: string): fc.Arbitrary<Answer> {
  return fc.record({
    id: words.map((id) => `msg_${id}`),
    model: fc.constant(model),
    blocks: fc.array(block, { maxLength: 6 }),
    stop,
    usage,
    serviceTier: fc.constantFrom(null, "standard", "priority", "batch"),
  });
}
