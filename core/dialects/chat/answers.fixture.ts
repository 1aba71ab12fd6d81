import fc from "fast-check";
import type { Answer, AnswerBlock, Stop } from "../answer.ts";
import type { Seal } from "../conversation.ts";
import type { AnswerContext } from "../dialect.ts";

/** In which an answer keeps its model. */
export const answerContext = ({ model }: Answer): AnswerContext => ({
  model,
  createdAtSeconds: 1_700_000_000,
  id: "abc",
  includeUsage: true,
  request: {},
});

const some = fc.string({ minLength: 1 });
const seals: fc.Arbitrary<Seal> = fc.record({ origin: fc.constantFrom("messages", "responses"), value: some });
const sealed: fc.Arbitrary<AnswerBlock> = fc.oneof(
  fc.record({ kind: fc.constant("thinking"), text: fc.string(), seal: seals }),
  fc.record({ kind: fc.constant("redacted-thinking"), seal: seals }),
);
const unsealed: fc.Arbitrary<AnswerBlock> = fc.record({ kind: fc.constant("thinking"), text: some, seal: fc.constant(null) });
const texts: fc.Arbitrary<AnswerBlock> = fc.record({
  kind: fc.constant("text"),
  text: some,
  logprobs: fc.array(fc.record({ token: fc.string(), logprob: fc.constantFrom(-0.5, 0) }), { maxLength: 2 }),
});
const refusals: fc.Arbitrary<AnswerBlock> = fc.record({ kind: fc.constant("refusal"), text: some });
const callIds = fc.uniqueArray(some, { maxLength: 3 });
const calls = (ids: readonly string[]): fc.Arbitrary<AnswerBlock[]> =>
  fc.tuple(...ids.map((id) => fc.record({ kind: fc.constant("tool-call" as const), id: fc.constant(id), name: some, arguments: some })));

/** In the order in which this dialect tells them. */
const blocks = fc
  .tuple(
    fc.oneof(fc.array(sealed, { maxLength: 3 }), fc.array(unsealed, { maxLength: 1 })),
    fc.array(texts, { maxLength: 1 }),
    fc.array(refusals, { maxLength: 1 }),
    callIds.chain(calls),
  )
  .map((parts) => parts.flat());

const words = ["stop", "length", "tool_calls", "content_filter"] as const;

function stopOf(raw: (typeof words)[number], said: readonly AnswerBlock[]): Stop {
  const has = (kind: AnswerBlock["kind"]) => said.some((block) => block.kind === kind);
  const meant = has("tool-call") ? "tool_calls" : has("refusal") ? "content_filter" : "stop";
  return { unified: raw === "stop" ? meant : raw, raw, sequence: null };
}

const tokens = fc.nat(100_000);
const usages = fc.record({
  inputTokens: tokens,
  inputCachedTokens: tokens,
  cacheWriteTokens: tokens,
  cacheWriteHourTokens: fc.constant(0),
  inputAudioTokens: tokens,
  inputImageTokens: tokens,
  outputTokens: tokens,
  reasoningTokens: tokens,
  outputAudioTokens: tokens,
});

/** Whatever this dialect can tell of an answer. */
export const answers: fc.Arbitrary<Answer> = fc
  .record({
    id: some.map((rest) => `chatcmpl-${rest}`),
    model: some,
    blocks,
    word: fc.constantFrom(...words),
    counted: fc.option(fc.record({ usage: usages, serviceTier: fc.option(some, { nil: null }) }), {
      nil: { usage: null, serviceTier: null },
    }),
  })
  .map(({ word, counted, ...rest }) => ({ ...rest, ...counted, stop: stopOf(word, rest.blocks) }));
