import fc from "fast-check";
import { describe, test } from "vitest";
import { providerWords } from "./provider-words.ts";

const fault = { type: "extra_forbidden", loc: ["body", "stream_options", "include_usage"], msg: "Extra inputs are not permitted" };

describe("providerWords", () => {
  test.for([
    ["OpenAI", { error: { message: "slow down", type: "requests", code: null } }, "slow down"],
    ["a bare error", { error: "model not found" }, "model not found"],
    ["Mistral", { object: "error", message: "Unauthorized", request_id: "1" }, "Unauthorized"],
    [
      "Mistral's checks",
      { object: "error", message: { detail: [fault] }, code: null },
      "body.stream_options.include_usage: Extra inputs are not permitted",
    ],
    [
      "FastAPI",
      {
        detail: [
          { ...fault, loc: ["body", "n"] },
          { ...fault, loc: ["body", "m"], msg: "no" },
        ],
      },
      "body.n: Extra inputs are not permitted; body.m: no",
    ],
    ["a bare detail", { detail: "Not Found" }, "Not Found"],
    ["Google", [{ error: { code: 400, message: "API key not valid.", status: "INVALID_ARGUMENT" } }], "API key not valid."],
    ["an error without words beside a message", { error: { code: 5 }, message: "busy" }, "busy"],
    ["nothing", { id: "x" }, null],
    ["no JSON", undefined, null],
  ] as const)("%s", ([, body, words], { expect }) => {
    expect(providerWords(body)).toBe(words);
  });

  test("whatever a provider sends, its words are text of at most about 2,000 characters", ({ expect }) => {
    expect(providerWords({ error: `${"x".repeat(1_999)}😀 and more` })).toBe(`${"x".repeat(1_999)}\uFFFD…`);
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 20 }), (body) => {
        const words = providerWords(body);
        expect(words === null || (words.length > 0 && words.length <= 2_001)).toBe(true);
      }),
    );
  });
});
