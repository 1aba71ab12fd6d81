import OpenAI from "openai";
import { afterAll, beforeAll, test } from "vitest";
import { freePort } from "./ports.ts";
import { startSimulator, type Simulator } from "./simulator.ts";

let simulator: Simulator;
let openai: OpenAI;
beforeAll(async () => {
  simulator = await startSimulator(await freePort());
  openai = new OpenAI({ baseURL: `${simulator.url}/v1`, apiKey: "any" });
});
afterAll(() => simulator.close());

const messages = [{ role: "user", content: "What is new?" }] as const;

test("answers any chat request with usage that fits its text", async ({ expect }) => {
  const { choices, usage } = await openai.chat.completions.create({ model: "any-model", messages: [...messages] });
  const content = choices[0]?.message.content ?? "";
  const [input, output] = [4 + 3, Math.ceil(content.length / 4)];
  expect([content, choices[0]?.finish_reason, usage]).toEqual([
    expect.stringContaining('"What is new?"'),
    "stop",
    { prompt_tokens: input, completion_tokens: output, total_tokens: input + output },
  ]);
});

test("streams the same answer, with usage where it is asked for", async ({ expect }) => {
  const plain = await openai.chat.completions.create({ model: "any-model", messages: [...messages] });
  const stream = await openai.chat.completions.create({
    model: "any-model",
    messages: [...messages],
    stream: true,
    stream_options: { include_usage: true },
  });
  let text = "";
  let chunks = 0;
  let usage: unknown = null;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? "";
    usage = chunk.usage ?? usage;
    chunks += 1;
  }
  expect([text, usage, chunks > 3]).toEqual([plain.choices[0]?.message.content, plain.usage, true]);
});

test("keeps to JSON where JSON is asked for", async ({ expect }) => {
  const { choices } = await openai.chat.completions.create({
    model: "any-model",
    messages: [...messages],
    response_format: { type: "json_object" },
  });
  expect(JSON.parse(choices[0]?.message.content ?? "")).toEqual({ answer: expect.stringContaining("What is new?") });
});

test("embeds any text, and lists models", async ({ expect }) => {
  const { data } = await openai.embeddings.create({ model: "any-model", input: ["a", "b"], encoding_format: "float" });
  const models = await openai.models.list();
  expect([data.map(({ embedding }) => embedding.length), models.data.length > 0]).toEqual([[1536, 1536], true]);
});
