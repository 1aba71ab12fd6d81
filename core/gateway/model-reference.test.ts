import { describe, test } from "vitest";
import { readModelReference } from "./model-reference.ts";

describe("readModelReference", () => {
  test.for([
    ["gpt-4o", "openai", "gpt-4o"],
    ["gpt-4o-2024-08-06", "openai", "gpt-4o-2024-08-06"],
    ["ft:gpt-4o-mini:acme::1", "openai", "ft:gpt-4o-mini:acme::1"],
    ["deepseek-chat", "deepseek", "deepseek-chat"],
    ["openai/anything-new", "openai", "anything-new"],
    ["openrouter/meta-llama/llama-3.1-8b", "openrouter", "meta-llama/llama-3.1-8b"],
    ["my-own-server/llama", "my-own-server", "llama"],
  ] as const)("%s goes to %s", ([name, provider, model], { expect }) => {
    expect(readModelReference(name)).toEqual({ kind: "model", provider, model });
  });

  test("an unknown bare name is a 404 that names close ones", ({ expect }) => {
    expect(readModelReference("gpt-4o-mni")).toEqual({
      kind: "failure",
      code: "unknown_model",
      message:
        "The model `gpt-4o-mni` is not known. Did you mean `gpt-4o-mini`, `gpt-4`, `gpt-4o`? Any model can be named as `provider/model`.",
      param: "model",
    });
    expect(readModelReference("zzzzzzzzzzzz")).toMatchObject({
      message: "The model `zzzzzzzzzzzz` is not known. Any model can be named as `provider/model`.",
    });
  });

  test("half a reference is refused under the field's name", ({ expect }) => {
    for (const name of ["/gpt-4o", "openai/", "Open AI/gpt-4o"]) {
      expect(readModelReference(name)).toMatchObject({ code: "invalid_field", param: "model" });
    }
  });
});
