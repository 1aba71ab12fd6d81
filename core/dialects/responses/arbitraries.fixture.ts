import fc from "fast-check";
import type { Answer, AnswerBlock, AnswerEvent } from "../answer.ts";
import type { Block, Conversation, MediaSource, TextBlock, Turn } from "../conversation.ts";
import { contentOf, readStop } from "./stop.ts";

const word = fc.string({ unit: "grapheme", maxLength: 12 });
const named = fc.string({ minLength: 1, maxLength: 8 });
const id = fc.stringMatching(/^[a-z0-9]{1,8}$/);
const perhaps = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
const fields = fc.dictionary(id, fc.oneof(word, fc.nat(), fc.boolean(), fc.constant(null), fc.dictionary(id, word)), {
  minKeys: 1,
  maxKeys: 3,
});
const logprobs = fc.array(fc.record({ token: word, logprob: fc.integer({ min: -9, max: 0 }) }), { maxLength: 2 });

const text: fc.Arbitrary<TextBlock> = fc.record({ kind: fc.constant("text" as const), text: word, cache: fc.constant(null) });
const data = fc.stringMatching(/^[A-Za-z0-9+/]{1,12}$/);
const source: fc.Arbitrary<MediaSource> = fc.oneof(
  fc.record({ kind: fc.constant("base64" as const), mediaType: fc.constantFrom("image/png", "application/pdf"), data }),
  fc.record({ kind: fc.constant("url" as const), url: id.map((name) => `https://example.com/${name}`) }),
  fc.record({ kind: fc.constant("file" as const), id: id.map((name) => `file-${name}`) }),
);
const image = fc.record({
  kind: fc.constant("image" as const),
  source,
  detail: perhaps(fc.constantFrom("low", "high", "auto")),
  cache: fc.constant(null),
});
const document = fc.record({ kind: fc.constant("document" as const), source, title: word, cache: fc.constant(null) });
const audio = fc.record({ kind: fc.constant("audio" as const), data, format: fc.constantFrom("wav", "mp3") });
const result = fc.record({
  kind: fc.constant("tool-result" as const),
  callId: id,
  blocks: fc.array(fc.oneof(text, image, document), { maxLength: 3 }),
  isError: fc.constant(false),
  cache: fc.constant(null),
});
const call = fc.record({ kind: fc.constant("tool-call" as const), id, name: named, arguments: named, cache: fc.constant(null) });
const refusal = fc.record({ kind: fc.constant("refusal" as const), text: word });
const ownSeal = fc.tuple(id, data).map(([name, encrypted]) => ({ origin: "responses", value: `rs_${name}:${encrypted}` }) as const);
const thought = fc.record({ kind: fc.constant("thinking" as const), text: word, seal: ownSeal });

const asked = fc.array(fc.oneof(text, image, document, audio), { maxLength: 4 });
const turn: fc.Arbitrary<Turn> = fc.oneof(
  fc.record({ role: fc.constantFrom("system" as const, "developer" as const), blocks: asked }),
  fc.record({
    role: fc.constant("user" as const),
    // What tools gave back stands first.
    blocks: fc.tuple(fc.array(result, { maxLength: 2 }), asked).map(([results, rest]): Block[] => [...results, ...rest]),
  }),
  fc.record({ role: fc.constant("assistant" as const), blocks: fc.array(fc.oneof(text, refusal, call, thought), { maxLength: 5 }) }),
);

const tool = fc.record({
  name: named,
  description: word,
  schema: perhaps(fields),
  strict: fc.constantFrom(true, null),
  cache: fc.constant(null),
});

const format = fc.oneof(
  fc.record({ kind: fc.constantFrom("text" as const, "json" as const) }),
  fc.record({ kind: fc.constant("schema" as const), name: named, description: word, schema: fields, strict: perhaps(fc.boolean()) }),
);

const extras = fc
  .record(
    {
      metadata: fields,
      prompt_cache_key: named,
      verbosity: named,
      store: fc.constant(true),
      include: fc.constant(["file_search_call.results"]),
      "reasoning.summary": named,
      previous_response_id: named,
    },
    { requiredKeys: [] },
  )
  .map((given) => new Map<string, unknown>(Object.entries(given)));

/** Conversations that this dialect carries whole. */
export const conversations: fc.Arbitrary<Conversation> = fc.record({
  model: named,
  streamed: fc.boolean(),
  turns: fc.array(turn, { maxLength: 6 }).map(joined),
  tools: fc.array(tool, { maxLength: 3 }),
  toolChoice: perhaps(
    fc.oneof(
      fc.record({ kind: fc.constantFrom("auto" as const, "none" as const, "required" as const) }),
      fc.record({ kind: fc.constant("tool" as const), name: named }),
    ),
  ),
  parallelToolCalls: perhaps(fc.boolean()),
  maxOutputTokens: perhaps(fc.nat()),
  temperature: perhaps(fc.constantFrom(0, 0.5, 2)),
  topP: perhaps(fc.constantFrom(0, 1)),
  topK: fc.constant(null),
  stopSequences: fc.constant([]),
  format: perhaps(format),
  reasoning: perhaps(fc.oneof(fc.constant({ kind: "off" as const }), fc.record({ kind: fc.constant("effort" as const), effort: id }))),
  serviceTier: perhaps(fc.constantFrom("auto", "default", "flex", "priority")),
  user: perhaps(named),
  topLogprobs: perhaps(fc.nat(20)),
  extras,
});

/** Turns as this dialect tells them apart: what follows an assistant's turn, or what tools gave back, on the same side is one with it. */
function joined(turns: readonly Turn[]): readonly Turn[] {
  const kept: Turn[] = [];
  for (const next of turns) {
    const last = kept.at(-1);
    const joins = last !== undefined && last.role === next.role && (next.role === "assistant" || endsInResults(last));
    if (joins) kept[kept.length - 1] = { role: last.role, blocks: [...last.blocks, ...next.blocks] };
    else kept.push(next);
  }
  return kept.map(resultsFirst);
}

function endsInResults({ role, blocks }: Turn): boolean {
  return role === "user" && blocks.at(-1)?.kind === "tool-result";
}

function resultsFirst({ role, blocks }: Turn): Turn {
  const isResult = (block: Block) => block.kind === "tool-result";
  return { role, blocks: [...blocks.filter(isResult), ...blocks.filter((block) => !isResult(block))] };
}

const foreignSeal = fc.record({ origin: fc.constant("messages" as const), value: data });
const block: fc.Arbitrary<AnswerBlock> = fc.oneof(
  fc.record({ kind: fc.constant("text" as const), text: word, logprobs }),
  refusal,
  fc.record({ kind: fc.constant("tool-call" as const), id, name: named, arguments: named }),
  fc.record({ kind: fc.constant("thinking" as const), text: word, seal: perhaps(fc.oneof(ownSeal, foreignSeal)) }),
  fc.record({ kind: fc.constant("redacted-thinking" as const), seal: fc.oneof(ownSeal, foreignSeal) }),
);

const tokens = fc.nat(10_000);
const usage = fc.record({
  inputTokens: tokens,
  inputCachedTokens: tokens,
  cacheWriteTokens: tokens,
  cacheWriteHourTokens: fc.constant(0),
  inputAudioTokens: fc.constant(0),
  inputImageTokens: fc.constant(0),
  outputTokens: tokens,
  reasoningTokens: tokens,
  outputAudioTokens: fc.constant(0),
});

/** Answers that this dialect can tell; each of their calls and sealed thoughts has an id of its own. */
export const arbitraryAnswers: fc.Arbitrary<Answer> = fc
  .record({
    id: id.map((name) => `resp_${name}`),
    model: fc.constant("gpt-5"),
    blocks: fc.array(block, { maxLength: 6 }).map((blocks) => blocks.map(distinct)),
    early: perhaps(fc.constantFrom("max_output_tokens", "content_filter", "max_messages", "steered")),
    usage,
    serviceTier: perhaps(fc.constantFrom("default", "flex")),
  })
  .map(({ early, ...answer }) => ({
    ...answer,
    stop: readStop(early === null ? "completed" : "incomplete", early, contentOf(answer.blocks)),
  }));

function distinct(block: AnswerBlock, index: number): AnswerBlock {
  if (block.kind === "tool-call") return { ...block, id: `${block.id}_${index}` };
  if (block.kind !== "thinking" || block.seal?.origin !== "responses") return block;
  return { ...block, seal: { origin: "responses", value: block.seal.value.replace(":", `_${index}:`) } };
}

/** The events of an answer whose texts come in pieces of so many characters. */
export function eventsOfAnswer(answer: Answer, pieceCharacters: number): readonly AnswerEvent[] {
  const events: AnswerEvent[] = [{ kind: "start", id: answer.id, model: answer.model }];
  for (const [index, block] of answer.blocks.entries()) {
    switch (block.kind) {
      case "tool-call":
        events.push({ kind: "block-start", index, block: { kind: block.kind, id: block.id, name: block.name } });
        events.push(...deltas(index, block.arguments, pieceCharacters, []));
        break;
      case "redacted-thinking":
        events.push({ kind: "block-start", index, block });
        break;
      case "text":
      case "refusal":
      case "thinking":
        events.push({ kind: "block-start", index, block: { kind: block.kind } });
        events.push(...deltas(index, block.text, pieceCharacters, block.kind === "text" ? block.logprobs : []));
        if (block.kind === "thinking" && block.seal !== null) events.push({ kind: "seal", index, seal: block.seal });
    }
    events.push({ kind: "block-stop", index });
  }
  events.push({ kind: "stop", stop: answer.stop });
  if (answer.usage !== null) events.push({ kind: "usage", usage: answer.usage, serviceTier: answer.serviceTier });
  events.push({ kind: "end" });
  return events;
}

function deltas(index: number, text: string, pieceCharacters: number, logprobs: readonly unknown[]): readonly AnswerEvent[] {
  const pieces: AnswerEvent[] = [];
  for (let at = 0; at < text.length || (at === 0 && logprobs.length > 0); at += pieceCharacters) {
    pieces.push({ kind: "delta", index, text: text.slice(at, at + pieceCharacters), logprobs: at === 0 ? logprobs : [] });
  }
  return pieces;
}
