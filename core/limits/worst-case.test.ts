import fc from "fast-check";
import { describe, test } from "vitest";
import type { PricedRates, Rates } from "../contracts/cost.ts";
import { nanoUsdSchema } from "../contracts/money.ts";
import type { Usage } from "../contracts/usage.ts";
import { priceUsage } from "../gateway/cost.ts";
import { readRequestBody, type CallShape } from "../gateway/request-body.ts";
import { inputBound, type InputBound } from "./input-bound.ts";
import { outputBound, type OutputBound } from "./output-bound.ts";
import { clampedTokens, worstCase } from "./worst-case.ts";

const rate = fc.option(fc.nat(100_000), { freq: 8 });
const rates: fc.Arbitrary<Rates> = fc.record({
  inputTokens: rate,
  inputCachedTokens: rate,
  cacheWriteTokens: rate,
  cacheWriteHourTokens: rate,
  inputAudioTokens: rate,
  inputImageTokens: rate,
  outputTokens: rate,
  reasoningTokens: rate,
  outputAudioTokens: rate,
});
const priced: fc.Arbitrary<PricedRates> = fc
  .tuple(rates, fc.array(fc.tuple(fc.integer({ min: 1, max: 400 }), rates), { maxLength: 3 }), fc.nat(10_000_000))
  .map(([first, others, requestNanoUsd]) => ({
    source: "override",
    priceVersion: "1",
    requestNanoUsd,
    tiers: [
      { fromInputTokens: 0, ratesNanoUsdPerThousand: first },
      ...others
        .toSorted(([left], [right]) => left - right)
        .map(([fromInputTokens, ratesNanoUsdPerThousand]) => ({ fromInputTokens, ratesNanoUsdPerThousand })),
    ],
  }));

/** Parts whose sum is at most `total`, by shares. */
function divide(total: number, shares: readonly number[]): number[] {
  const all = shares.reduce((sum, share) => sum + share, 1);
  return shares.map((share) => Math.floor((total * share) / all));
}

const shares = (length: number) => fc.array(fc.nat(100), { minLength: length, maxLength: length });

/** Bounds, and a usage within them. */
const bounded: fc.Arbitrary<{ input: InputBound; output: OutputBound; usage: Usage }> = fc
  .record({
    tokens: fc.nat(500),
    audio: fc.nat(500),
    cacheWrites: fc.constantFrom("none" as const, "minutes" as const, "hour" as const),
    output: fc.record({ tokens: fc.nat(500), answers: fc.integer({ min: 1, max: 4 }), extraTokens: fc.nat(20), hasAudio: fc.boolean() }),
    inputShares: shares(5),
    outputShares: shares(3),
  })
  .map(({ tokens, audio, cacheWrites, output, inputShares, outputShares }) => {
    const audioTokens = Math.min(tokens, audio);
    const inputAudioTokens = Math.floor(audioTokens / 2);
    const [inputTokens = 0, cached = 0, written = 0, writtenHour = 0, image = 0] = divide(tokens - inputAudioTokens, inputShares);
    const [outputTokens = 0, reasoning = 0, sound = 0] = divide(output.tokens * output.answers + output.extraTokens, outputShares);
    return {
      input: { kind: "bounded", tokens, audioTokens, cacheWrites },
      output: { ...output, thinkingTokens: 0, capField: "max_tokens", isCapped: true },
      usage: {
        inputTokens,
        inputCachedTokens: cached,
        cacheWriteTokens: cacheWrites === "none" ? 0 : written,
        cacheWriteHourTokens: cacheWrites === "hour" ? writtenHour : 0,
        inputAudioTokens,
        inputImageTokens: image,
        outputTokens,
        reasoningTokens: reasoning,
        outputAudioTokens: output.hasAudio ? sound : 0,
      },
    };
  });

describe("worstCase", () => {
  test("no usage within the bounds costs more", ({ expect }) => {
    let compared = 0;
    fc.assert(
      fc.property(priced, bounded, (prices, { input, output, usage }) => {
        const worst = worstCase(input, output, prices);
        const cost = priceUsage(usage, prices);
        if (worst === null || cost === null) return;
        compared++;
        expect(cost.totalNanoUsd).toBeLessThanOrEqual(worst.nanoUsd);
      }),
      { numRuns: 20_000 },
    );
    expect(compared).toBeGreaterThan(5_000);
  });

  test("a clamped call costs no more than what is left, and a token more would not fit", ({ expect }) => {
    fc.assert(
      fc.property(priced, bounded, fc.nat(200_000), (prices, { input, output }, affordable) => {
        const worst = worstCase(input, output, prices);
        if (worst === null) return;
        const tokens = clampedTokens(worst, output, affordable);
        if (tokens === null) {
          expect(worst.nanoUsd).toBeGreaterThan(affordable);
          return;
        }
        expect(tokens).toBeLessThanOrEqual(output.tokens);
        const clamped = worstCase(input, { ...output, tokens }, prices);
        expect(clamped?.nanoUsd).toBeLessThanOrEqual(affordable);
        if (tokens === output.tokens || worst.outputNanoUsdPerThousand < 2_000) return;
        expect(worstCase(input, { ...output, tokens: tokens + 1 }, prices)?.nanoUsd).toBeGreaterThan(affordable);
      }),
      { numRuns: 5_000 },
    );
  });

  test("the dearest form, the highest tier within reach, and the provider's fee are in it", ({ expect }) => {
    const base: Rates = {
      inputTokens: 1_000,
      inputCachedTokens: 100,
      cacheWriteTokens: 1_250,
      cacheWriteHourTokens: 2_000,
      inputAudioTokens: 10_000,
      inputImageTokens: 1_000,
      outputTokens: 4_000,
      reasoningTokens: 5_000,
      outputAudioTokens: null,
    };
    const prices: PricedRates = {
      source: "price-book",
      priceVersion: "1",
      requestNanoUsd: 70,
      tiers: [
        { fromInputTokens: 0, ratesNanoUsdPerThousand: base },
        { fromInputTokens: 1_000, ratesNanoUsdPerThousand: { ...base, inputTokens: 3_000 } },
      ],
    };
    const input: InputBound = { kind: "bounded", tokens: 100, audioTokens: 0, cacheWrites: "none" };
    const output: OutputBound = {
      tokens: 10,
      answers: 2,
      extraTokens: 0,
      hasAudio: false,
      thinkingTokens: 0,
      capField: null,
      isCapped: true,
    };
    const costOf = (change: Partial<InputBound>) => worstCase({ ...input, ...change }, output, prices)?.nanoUsd;
    expect(costOf({})).toBe(70 + 100 + 9 + 100);
    expect(costOf({ cacheWrites: "minutes" })).toBe(70 + 125 + 9 + 100);
    expect(costOf({ cacheWrites: "hour" })).toBe(70 + 200 + 9 + 100);
    expect(costOf({ audioTokens: 50 })).toBe(70 + 550 + 9 + 100);
    expect(costOf({ tokens: 1_000 })).toBe(70 + 3_000 + 9 + 100);
    expect(worstCase(input, { ...output, hasAudio: true }, prices)).toBeNull();
    expect(worstCase({ ...input, tokens: Number.MAX_SAFE_INTEGER }, output, prices)).toBeNull();
  });
});

function boundOf(shape: CallShape, fields: object, model = "gpt-4o") {
  const text = JSON.stringify({ model, ...fields });
  const body = readRequestBody(shape, text);
  if (body.kind !== "body") throw new Error(body.message);
  return { input: inputBound(shape, body, Buffer.byteLength(text), model), output: outputBound(shape, body.fields, model, 1_000), text };
}

const hello = [{ role: "user", content: "Grüße" }];

describe("inputBound", () => {
  test("text is at most its bytes, and what the provider writes around it", ({ expect }) => {
    const { input, text } = boundOf("chat", { messages: hello });
    expect(input).toEqual({ kind: "bounded", tokens: Buffer.byteLength(text) + 80, audioTokens: 0, cacheWrites: "minutes" });
  });

  test.for([
    ["chat", { type: "image_url", image_url: { url: "https://example.com/" } }],
    ["messages", { type: "image", source: { type: "base64", media_type: "image/png", data: "QUJD" } }],
    ["responses", { type: "input_image", image_url: "data:image/png;base64,QUJD" }],
  ] as const)("an image counts by its provider's rule, not by its bytes: %s", ([shape, image], { expect }) => {
    const data = "A".repeat(1_000_000);
    const withData = JSON.parse(JSON.stringify(image).replace(/QUJD|https:..example.com./, data));
    const message = [{ role: "user", content: [withData] }];
    const { input } = boundOf(shape, shape === "responses" ? { input: message } : { messages: message, max_tokens: 5 });
    expect(input).toMatchObject({ kind: "bounded", audioTokens: 0 });
    expect(input.kind === "bounded" && input.tokens > 4_000 && input.tokens < 5_000).toBe(true);
  });

  test("sound counts by its length, and as sound", ({ expect }) => {
    const content = [{ type: "input_audio", input_audio: { data: "A".repeat(16_000), format: "mp3" } }];
    expect(boundOf("chat", { messages: [{ role: "user", content }] }).input).toMatchObject({ audioTokens: 1_000 });
  });

  test.for([
    [
      "a document",
      "messages",
      {
        max_tokens: 5,
        messages: [{ role: "user", content: [{ type: "document", source: { type: "url", url: "https://example.com/a.pdf" } }] }],
      },
    ],
    ["a file", "responses", { input: [{ role: "user", content: [{ type: "input_file", file_id: "file-1" }] }] }],
    ["an earlier answer", "responses", { input: "go on", previous_response_id: "resp_1" }],
  ] as const)("what stands elsewhere may fill the context: %s", ([, shape, fields], { expect }) => {
    expect(boundOf(shape, fields).input).toMatchObject({ kind: "bounded", tokens: 128_000 });
  });

  test.for([
    ["chat", { messages: hello, web_search_options: {} }, "web_search_options"],
    ["responses", { input: "x", tools: [{ type: "web_search" }] }, "tools"],
    ["messages", { messages: hello, max_tokens: 5, tools: [{ type: "web_search_20250305", name: "web_search" }] }, "tools"],
    ["messages", { messages: hello, max_tokens: 5, mcp_servers: [] }, "mcp_servers"],
  ] as const)("a tool that runs at the provider has no bound: %s", ([shape, fields, param], { expect }) => {
    expect(boundOf(shape, fields).input).toEqual({ kind: "unbounded", param });
  });

  test.for([
    ["chat", "priority", false],
    ["responses", "scale", false],
    ["chat", "flex", true],
    ["chat", "auto", true],
    ["messages", "standard_only", true],
  ] as const)("a tier that costs a multiple has no bound: %s, %s", ([shape, tier, isBounded], { expect }) => {
    const fields = shape === "responses" ? { input: "x" } : { messages: hello, max_tokens: 5 };
    const { input } = boundOf(shape, { ...fields, service_tier: tier });
    expect(input).toMatchObject(isBounded ? { kind: "bounded" } : { kind: "unbounded", param: "service_tier" });
  });

  test("a caller's own tools are bounded: their bytes, and what the provider says of them", ({ expect }) => {
    const inMessages = boundOf("messages", { messages: hello, max_tokens: 5, tools: [{ name: "look", input_schema: { type: "object" } }] });
    const inChat = boundOf("chat", { messages: hello, tools: [{ type: "function", function: { name: "look" } }] });
    for (const { input, text } of [inMessages, inChat]) {
      expect(input).toMatchObject({ kind: "bounded", tokens: Buffer.byteLength(text) + 80 + 1_024 + 32 });
    }
  });

  test("Claude writes to a cache what is marked, also by a mark that is hidden", ({ expect }) => {
    const cachesOf = (content: object, escape: boolean): unknown => {
      const text = JSON.stringify({ model: "claude-opus-4-1", max_tokens: 5, messages: [{ role: "user", content: [content] }] });
      const sent = escape ? text.replace("cache_control", String.raw`cache\u005fcontrol`) : text;
      const body = readRequestBody("messages", sent);
      const bound = body.kind === "body" ? inputBound("messages", body, sent.length, body.model) : null;
      return bound?.kind === "bounded" ? bound.cacheWrites : null;
    };
    expect(cachesOf({ type: "text", text: "x" }, false)).toBe("none");
    expect(cachesOf({ type: "text", text: "x", cache_control: { type: "ephemeral" } }, false)).toBe("minutes");
    expect(cachesOf({ type: "text", text: "x", cache_control: { type: "ephemeral", ttl: "1h" } }, false)).toBe("hour");
    expect(cachesOf({ type: "text", text: "x", cache_control: { type: "ephemeral" } }, true)).toBe("hour");
  });
});

describe("outputBound", () => {
  test.for([
    [
      "chat",
      { messages: hello, max_completion_tokens: 50, max_tokens: 40, n: 3 },
      { tokens: 50, answers: 3, capField: "max_completion_tokens", isCapped: true },
    ],
    ["chat", { messages: hello, max_tokens: 70 }, { tokens: 70, capField: "max_tokens", isCapped: true }],
    ["messages", { messages: hello, max_tokens: 90 }, { tokens: 90, capField: "max_tokens", isCapped: true }],
    ["responses", { input: "x" }, { tokens: 16_384, capField: "max_output_tokens", isCapped: false }],
    ["embedding", { input: "x" }, { tokens: 0, capField: null, isCapped: true }],
  ] as const)("the request's own cap, else the model's: %s", ([shape, fields, expected], { expect }) => {
    expect(boundOf(shape, fields).output).toEqual({ answers: 1, extraTokens: 0, hasAudio: false, thinkingTokens: 0, ...expected });
  });

  test.for([-1, 0])("a cap of %i is none", (cap, { expect }) => {
    const { output } = boundOf("chat", { messages: hello, max_tokens: cap }, "mistral-large-latest");
    expect(output).toMatchObject({ tokens: 1_000, capField: "max_tokens", isCapped: false });
  });

  test("an absurd cap, and an absurd number of answers, still have a price", ({ expect }) => {
    expect(boundOf("chat", { messages: hello, max_tokens: 1e300, n: 1e300 }).output).toMatchObject({ tokens: 128_000, answers: 4_096 });
  });

  test("an answer is not clamped to less than the thinking that is asked for", ({ expect }) => {
    const thinking = { type: "enabled", budget_tokens: 2_000 };
    const { output } = boundOf("messages", { messages: hello, max_tokens: 4_000, thinking }, "claude-opus-4-1");
    const worst = { nanoUsd: nanoUsdSchema.parse(4_000_000), inputNanoUsd: 0, outputNanoUsdPerThousand: 1_000_000 };
    expect([clampedTokens(worst, output, 2_001_000), clampedTokens(worst, output, 2_000_000)]).toEqual([2_001, null]);
  });

  test("a model whose maximum is not known is held to the policy's", ({ expect }) => {
    expect(boundOf("chat", { messages: hello }, "mistral-large-latest").output).toMatchObject({ tokens: 1_000, isCapped: false });
  });

  test("a prediction is billed beside the answer, sound by its own rate", ({ expect }) => {
    const prediction = { type: "content", content: "x" };
    const { output } = boundOf("chat", { messages: hello, prediction, modalities: ["text", "audio"] });
    expect(output).toMatchObject({ extraTokens: 3 * JSON.stringify(prediction).length, hasAudio: true });
  });
});
