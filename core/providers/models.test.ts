/// <reference types="node" />
import { readFileSync } from "node:fs";
import { describe, test } from "vitest";
import { closeModels, providerOfModel } from "./models.ts";

describe("providerOfModel", () => {
  test("every chat model that OpenAI's client names goes to OpenAI by its bare name", ({ expect }) => {
    const declarations = readFileSync(new URL("../../node_modules/openai/resources/shared.d.ts", import.meta.url), "utf8");
    const union = /export type ChatModel = ([^;]*);/.exec(declarations)?.[1] ?? "";
    const names = [...union.matchAll(/'([^']+)'/g)].map(([, name]) => String(name));
    expect(names).toContain("gpt-4o");
    expect(names.filter((name) => providerOfModel(name) !== "openai")).toEqual([]);
  });

  test.for([
    ["gpt-4o-2024-08-06", "openai"],
    ["ft:gpt-4o-mini:acme::1", "openai"],
    ["gemini-2.5-pro", "google"],
    ["constructor", null],
    ["", null],
  ] as const)("%s goes to %s", ([model, provider], { expect }) => {
    expect(providerOfModel(model)).toBe(provider);
  });
});

test("close names are those of a letter wrong, the nearest first", ({ expect }) => {
  expect(closeModels("gpt-4o-mni")[0]).toBe("gpt-4o-mini");
  expect(closeModels("zzzzzzzzzzzz")).toEqual([]);
});
