import type { Answer, AnswerEvent } from "../../core/dialects/answer.ts";
import type { Conversation, TextBlock, Turn } from "../../core/dialects/conversation.ts";
import { randomWords } from "../words.ts";

/** Of the words in use, with the space after it. */
const charactersPerWord = 5.6;
const wordsPerTurn = 55;

/** A chat of about so many bytes, with a tool: turns of about 300 characters, every fourth exchange a call and its result. */
export function conversationOf(bytes: number): Conversation {
  const turns: Turn[] = [{ role: "system", blocks: [words(0)] }];
  for (let size = 0; size < bytes;) {
    const added = exchange(turns.length);
    turns.push(...added);
    size += added.length * (wordsPerTurn * charactersPerWord + 50);
  }
  return {
    model: "m",
    streamed: false,
    turns,
    tools: [{ name: "look_up", description: "Looks an order up.", schema: { type: "object", properties: {} }, strict: null, cache: null }],
    toolChoice: null,
    parallelToolCalls: null,
    maxOutputTokens: 1_024,
    temperature: 0.5,
    topP: null,
    topK: null,
    stopSequences: [],
    format: null,
    reasoning: null,
    serviceTier: null,
    user: null,
    topLogprobs: null,
    extras: new Map(),
  };
}

function exchange(number: number): readonly Turn[] {
  const asks: Turn = { role: "user", blocks: [words(number)] };
  const answers: Turn = { role: "assistant", blocks: [words(number + 1)] };
  if (number % 8 !== 1) return [asks, answers];
  const id = `call_${number}`;
  const query = JSON.stringify({ query: randomWords(number, 8) });
  return [
    asks,
    { role: "assistant", blocks: [{ kind: "tool-call", id, name: "look_up", arguments: query, cache: null }] },
    { role: "user", blocks: [{ kind: "tool-result", callId: id, blocks: [words(number + 2)], isError: false, cache: null }] },
    answers,
  ];
}

function words(seed: number): TextBlock {
  return { kind: "text", text: randomWords(seed, wordsPerTurn), cache: null };
}

const usage = {
  inputTokens: 60,
  inputCachedTokens: 40,
  cacheWriteTokens: 0,
  cacheWriteHourTokens: 0,
  inputAudioTokens: 0,
  inputImageTokens: 0,
  outputTokens: 50,
  reasoningTokens: 0,
  outputAudioTokens: 0,
} as const;

/** An answer of one text of about so many bytes. */
export function answerOf(bytes: number): Answer {
  return {
    id: "0193c5a0",
    model: "m",
    blocks: [{ kind: "text", text: randomWords(bytes, Math.ceil(bytes / charactersPerWord)), logprobs: [] }],
    stop: { unified: "stop", raw: "stop", sequence: null },
    usage,
    serviceTier: null,
  };
}

/** The events of a stream of about so many bytes once it is written: pieces of a word or two, in 150 to 250 bytes each. */
export function eventsOf(bytes: number): readonly AnswerEvent[] {
  const pieces = randomWords(bytes, Math.ceil(bytes / 150)).match(/.{1,9}/gs) ?? [];
  return [
    { kind: "start", id: "0193c5a0", model: "m" },
    { kind: "block-start", index: 0, block: { kind: "text" } },
    ...pieces.map((text) => ({ kind: "delta", index: 0, text, logprobs: [] }) as const),
    { kind: "block-stop", index: 0 },
    { kind: "stop", stop: { unified: "stop", raw: "stop", sequence: null } },
    { kind: "usage", usage, serviceTier: null },
    { kind: "end" },
  ];
}
