import fc from "fast-check";
import { describe, test } from "vitest";
import { failure } from "../../contracts/error.ts";
import { EventSplitter } from "../../gateway/sse.ts";
import { ChatStream } from "./stream.ts";

const event = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
const usage = { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 };
const chunks = [
  { model: "gpt-4o-2024-08-06", choices: [{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }], usage: null },
  { model: "gpt-4o-2024-08-06", choices: [{ index: 0, delta: { content: "Grüße 👋" }, finish_reason: null }], usage: null },
  {
    model: "gpt-4o-2024-08-06",
    choices: [{ index: 0, delta: { tool_calls: [{ index: 0, function: { name: "weather", arguments: "{" } }] } }],
  },
  { model: "gpt-4o-2024-08-06", choices: [{ index: 0, delta: {}, finish_reason: "tool_calls" }], usage: null },
];
const usageChunk = { model: "gpt-4o-2024-08-06", choices: [], usage };
const facts = {
  modelServed: "gpt-4o-2024-08-06",
  finishReason: { unified: "tool_calls", raw: "tool_calls" },
  toolNames: ["weather"],
  usage: {
    inputTokens: 9,
    inputCachedTokens: 0,
    cacheWriteTokens: 0,
    cacheWriteHourTokens: 0,
    inputAudioTokens: 0,
    inputImageTokens: 0,
    outputTokens: 4,
    reasoningTokens: 0,
    outputAudioTokens: 0,
  },
  usageRaw: JSON.stringify(usage),
  isUsualTier: true,
};

/** Passes a byte stream through splitter and reader as the gateway does. */
function pass(stream: Uint8Array, cuts: readonly number[], hidesUsage: boolean) {
  const chat = new ChatStream({ hidesUsage });
  const splitter = new EventSplitter();
  const edges = [...new Set([0, ...cuts.map((cut) => cut % stream.length), stream.length])].toSorted((left, right) => left - right);
  let forwarded = "";
  let end: ReturnType<ChatStream["read"]>["end"] = "open";
  for (const [index, from] of edges.slice(0, -1).entries()) {
    if (end !== "open") break;
    const whole = splitter.push(stream.subarray(from, edges[index + 1]));
    if (whole === null) continue;
    const text = new TextDecoder("utf-8", { fatal: true }).decode(whole);
    const step = chat.read(text);
    forwarded += step.forward.kind === "whole" ? text : step.forward.text;
    end = step.end;
  }
  return { forwarded, end, facts: chat.facts() };
}

describe("ChatStream", () => {
  test("any chunking of the bytes gives the same events, end and facts, usage hidden or not", ({ expect }) => {
    const seen = chunks.map(event).join("");
    const stream = new TextEncoder().encode(`: ping\n\n${seen}${event(usageChunk)}data: [DONE]\n\n`);
    fc.assert(
      fc.property(fc.array(fc.nat()), fc.boolean(), (cuts, hidesUsage) => {
        const forwarded = `: ping\n\n${seen}${hidesUsage ? "" : event(usageChunk)}`;
        expect(pass(stream, cuts, hidesUsage)).toEqual({ forwarded, end: "done", facts });
      }),
    );
  });

  test("a usage block that comes again replaces the one before, and is not summed", ({ expect }) => {
    const chat = new ChatStream({ hidesUsage: true });
    for (const completion of [1, 2, 4]) chat.read(event({ ...chunks[1], usage: { ...usage, completion_tokens: completion } }));
    expect(chat.facts().usage).toEqual(facts.usage);
  });

  test("a tier other than the usual one is told, whichever chunk says so", ({ expect }) => {
    const isUsualTier = (...tiers: readonly (string | null)[]) => {
      const chat = new ChatStream({ hidesUsage: true });
      for (const service_tier of tiers) chat.read(event({ ...chunks[1], service_tier }));
      return chat.facts().isUsualTier;
    };
    expect([isUsualTier(null), isUsualTier("auto", "default"), isUsualTier("on_demand", null)]).toEqual([true, true, true]);
    expect([isUsualTier("auto", "flex"), isUsualTier("priority", null)]).toEqual([false, false]);
  });

  test("a chunk with both text and usage is not hidden", ({ expect }) => {
    const chat = new ChatStream({ hidesUsage: true });
    expect(chat.read(event({ ...chunks[1], usage })).forward).toEqual({ kind: "whole" });
  });

  describe("where the provider's body ends", () => {
    const forwarded = (text: string) => ({ kind: "text", text });
    const cut = failure("upstream_cut");
    const open = (endsUnmarked: boolean, seen: readonly unknown[]) => {
      const chat = new ChatStream({ hidesUsage: true, endsUnmarked });
      chat.read(seen.map(event).join(""));
      return chat;
    };

    test("an end mark without its blank line is an end mark", ({ expect }) => {
      for (const rest of ["data: [DONE]", "data: [DONE]\n", "data: [DONE]\r\n"]) {
        expect(open(false, chunks).end(rest)).toEqual({ forward: forwarded(""), hasData: true, end: "done" });
      }
    });

    test("without an end mark the answer was cut, finish reason or not", ({ expect }) => {
      for (const rest of ["", "\n", "data: {", "data: [DON"]) {
        expect(open(false, chunks).end(rest)).toMatchObject({ forward: forwarded(""), end: cut });
      }
    });

    test("a provider that sends no mark has ended when it has finished, and only then", ({ expect }) => {
      expect(open(true, chunks).end("")).toEqual({ forward: forwarded(""), hasData: false, end: "done" });
      expect(open(true, chunks.slice(0, -1)).end("")).toMatchObject({ end: cut });
      expect(open(true, chunks).end('data: {"choi')).toMatchObject({ forward: forwarded(""), end: cut });
    });

    test("a last event without its blank line is read, and passes with one", ({ expect }) => {
      const chat = open(true, chunks.slice(0, -1));
      const last = event({ ...chunks[3], usage });
      expect(chat.end(last.trimEnd())).toEqual({ forward: forwarded(last), hasData: true, end: "done" });
      expect(chat.facts()).toEqual(facts);
    });
  });

  test("an error event ends the stream as failed, with the provider's words", ({ expect }) => {
    const chat = new ChatStream({ hidesUsage: true });
    const step = chat.read(event(chunks[1]) + event({ error: { message: "quota" } }) + "data: [DONE]\n\n");
    expect(step).toEqual({
      forward: { kind: "text", text: event(chunks[1]) },
      hasData: true,
      end: { kind: "failure", code: "upstream_error", message: "quota", param: null },
    });
  });

  test("an answer of more than 16 million characters is not kept, log probabilities included", ({ expect }) => {
    const chat = new ChatStream({ hidesUsage: true });
    const logprobs = { content: [{ token: "x".repeat(1024 * 1024) }] };
    const text = event({ choices: [{ index: 0, delta: {}, logprobs }] });
    for (let count = 0; count < 15; count++) chat.read(text);
    expect(chat.output()).toMatchObject({ choices: [{ index: 0 }] });
    for (let count = 0; count < 2; count++) chat.read(text);
    expect(chat.output()).toBe("too-large");
  });

  test("an error event of the kind without an `error` member is one too", ({ expect }) => {
    const { end } = new ChatStream({ hidesUsage: true }).read(event({ object: "error", message: "too long", code: 400 }));
    expect(end).toEqual(failure("upstream_error", "too long"));
  });

  test("an event that is not a JSON object ends the stream as failed", ({ expect }) => {
    for (const data of ["<html>", "[1]", '{"choices":', "null"]) {
      expect(new ChatStream({ hidesUsage: true }).read(`data: ${data}\n\n`).end).toMatchObject({ code: "upstream_invalid_response" });
    }
  });
});
