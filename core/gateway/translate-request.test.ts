import { describe, test } from "vitest";
import { translateRequest } from "./translate-request.ts";

const chat = { model: "anthropic/m", messages: [{ role: "user", content: "Hi" }], seed: 7, logprobs: true, top_logprobs: 2, max_tokens: 5 };
const target = { model: "m", provider: "anthropic" } as const;

describe("what a target's API cannot say", () => {
  test("is refused, every field by the name that the caller knows it by", ({ expect }) => {
    const refused = translateRequest(chat, { from: "chat", to: "messages", drops: false }, target);
    expect(refused).toMatchObject({
      kind: "failure",
      code: "unsupported_field",
      param: expect.stringMatching(/^(seed|logprobs|top_logprobs)$/),
    });
    expect(refused.kind === "failure" && refused.message).toMatch(/`seed`/);
    expect(refused.kind === "failure" && refused.message).toMatch(/`(top_)?logprobs`/);
  });

  test("is left out and named where the caller asks for that, and all else is said", ({ expect }) => {
    const translated = translateRequest(chat, { from: "chat", to: "messages", drops: true }, target);
    if (translated.kind === "failure") throw new Error(translated.message);
    expect(translated.dropped).toContain("seed");
    expect(translated.fields).toMatchObject({ model: "m", max_tokens: 5, messages: [{ role: "user" }] });
    expect(Object.keys(translated.fields)).not.toContain("seed");
  });
});

test("what holds the conversation is refused even where the rest may be dropped", ({ expect }) => {
  const later = { model: "anthropic/m", input: "And then?", previous_response_id: "resp_1", truncation: "auto" };
  expect(translateRequest(later, { from: "responses", to: "messages", drops: true }, target)).toMatchObject({
    kind: "failure",
    code: "unsupported_field",
    param: "previous_response_id",
  });
});

test("a request that its own API would not take is refused at its field, and nothing is sent", ({ expect }) => {
  const broken = { model: "anthropic/m", messages: [{ role: "user", content: [{ type: "image_url", image_url: 5 }] }] };
  expect(translateRequest(broken, { from: "chat", to: "messages", drops: true }, target)).toMatchObject({
    kind: "failure",
    code: "invalid_field",
    param: expect.stringContaining("messages.0.content.0.image_url"),
  });
});
