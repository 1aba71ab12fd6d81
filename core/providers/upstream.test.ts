import { describe, test } from "vitest";
import { countingDialect, upstreamDialect } from "./upstream-dialect.ts";
import { conversationUrl, countTokensUrl } from "./upstream-url.ts";

describe("upstreamDialect", () => {
  test.for([
    ["openai", "gpt-4o", "chat", null, "chat"],
    ["openai", "gpt-4o", "responses", null, "responses"],
    ["openai", "gpt-4o", "messages", null, "chat"],
    ["openai", "o1-pro-2025-03-19", "chat", null, "responses"],
    ["anthropic", "claude-opus-4-5", "chat", null, "messages"],
    ["openai", "gpt-4o", "messages", "responses", "responses"],
    ["mistral", "m", "responses", null, "chat"],
    ["house", "m", "messages", null, "chat"],
    ["house", "m", "chat", "messages", "messages"],
  ] as const)("%s with %s, called in %s and asked for %s, is spoken to in %s", ([provider, model, own, asked, spoken], { expect }) => {
    expect(upstreamDialect(provider, model, own, asked)).toBe(spoken);
  });

  test("an API that a provider is known not to offer is refused, with those that it does", ({ expect }) => {
    const refused = upstreamDialect("anthropic", "m", "messages", "chat");
    expect(refused).toMatchObject({ code: "unsupported_field", param: "x-evalforge-upstream-api" });
    expect(typeof refused === "string" ? "" : refused.message).toContain("`messages`");
  });
});

describe("where a provider is called", () => {
  test.for([
    ["https://api.anthropic.com", "messages", "https://api.anthropic.com/v1/messages"],
    ["https://api.anthropic.com/v1", "messages", "https://api.anthropic.com/v1/messages"],
    ["https://house.example/v2", "messages", "https://house.example/v2/messages"],
    ["https://api.openai.com/v1", "chat", "https://api.openai.com/v1/chat/completions"],
    ["https://house.example", "responses", "https://house.example/responses"],
  ] as const)("%s in %s: %s", ([baseUrl, dialect, url], { expect }) => {
    expect(conversationUrl(baseUrl, dialect)).toBe(url);
  });

  test.for([
    ["anthropic", "messages"],
    ["openai", "responses"],
    ["mistral", null],
  ] as const)("%s counts tokens in %s", ([provider, dialect], { expect }) => {
    expect(countingDialect(provider)).toBe(dialect);
  });

  test("tokens are counted where there is an address for it", ({ expect }) => {
    expect(countTokensUrl("https://a.example", "messages")).toBe("https://a.example/v1/messages/count_tokens");
    expect(countTokensUrl("https://b.example/v1", "responses")).toBe("https://b.example/v1/responses/input_tokens");
    expect(countTokensUrl("https://c.example/v1", "chat")).toBe(null);
  });
});
