import { describe, test } from "vitest";
import { readRequestBody, upstreamBody } from "./request-body.ts";

const chat = '{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}],"temperature":0.5,"new_field":{"a":[1.0]}}';
const longName = "x".repeat(513);

describe("readRequestBody", () => {
  test("reads what the gateway needs, and keeps every other field as a parameter", ({ expect }) => {
    expect(readRequestBody("chat", chat)).toEqual({
      kind: "body",
      text: chat,
      fields: JSON.parse(chat),
      model: "gpt-4o",
      streamed: false,
      asksForUsage: false,
      streamOptions: {},
      user: "",
      parameters: { model: "gpt-4o", temperature: 0.5, new_field: { a: [1] } },
    });
  });

  test.for(['{"model":"m","input":"hi","stream":false}', '{"model":"m","input":"hi","stream":null,"stream_options":null}'])(
    "embeddings that say not to be streamed pass: %s",
    (text, { expect }) => {
      expect(readRequestBody("embedding", text)).toMatchObject({ kind: "body", streamed: false, text });
    },
  );

  test("a field of more than about 4,000 characters is no parameter, and all together are bounded", ({ expect }) => {
    const parameters = (fields: object, more = "") => {
      const text = JSON.stringify({ model: "m", messages: [{ role: "user" }], ...fields });
      const body = readRequestBody("chat", `${text.slice(0, -1)}${more}}`);
      return body.kind === "body" ? body.parameters : body;
    };
    const tool = (description: string) => ({ type: "function", function: { name: "f", description } });
    const short = { tools: [tool("x".repeat(3_000))], stop: "x".repeat(4_000), seed: 1, logit_bias: { "50256": -100 } };
    expect(parameters(short)).toEqual({ model: "m", ...short });
    expect(parameters({ tools: Array.from({ length: 20 }, () => tool("x".repeat(300))), stop: "x".repeat(4_100), seed: 1 })).toEqual({
      model: "m",
      seed: 1,
    });
    const deep = `,"deep":${"[".repeat(50_000)}${"]".repeat(50_000)}`;
    expect(parameters({ ["n".repeat(5_000)]: 1 }, deep)).toEqual({ model: "m" });
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`field_${index}`, "x".repeat(3_000)]));
    expect(JSON.stringify(parameters(many)).length).toBeLessThan(33_000);
  });

  test.for([
    ["chat", { user: longName }, "user"],
    ["chat", { user: "ann", safety_identifier: longName }, "safety_identifier"],
    ["messages", { max_tokens: 1, metadata: { user_id: longName } }, "metadata.user_id"],
    ["responses", { user: longName }, "user"],
    ["embedding", { input: "hi", user: longName }, "user"],
  ] as const)("an end user of a %s body has a name of 512 characters at most", ([shape, fields, param], { expect }) => {
    const text = JSON.stringify({ model: "m", messages: [{ role: "user" }], ...fields });
    expect(readRequestBody(shape, text)).toMatchObject({ kind: "failure", code: "invalid_field", param });
    expect(readRequestBody(shape, text.replaceAll(longName, longName.slice(1)))).toMatchObject({ kind: "body" });
  });

  test.for([
    ["chat", "{", "invalid_json", null],
    ["chat", "[]", "invalid_json", null],
    ["chat", '{"messages":[{"role":"user"}]}', "invalid_field", "model"],
    ["chat", '{"model":5,"messages":[{"role":"user"}]}', "invalid_field", "model"],
    ["chat", '{"model":"m","messages":"hi"}', "invalid_field", "messages"],
    ["chat", '{"model":"m","messages":[]}', "invalid_field", "messages"],
    ["chat", '{"model":"m","messages":[{"role":"user"},{"content":"x"}]}', "invalid_field", "messages.1.role"],
    ["chat", '{"model":"m","messages":[{"role":"user"}],"stream":"yes"}', "invalid_field", "stream"],
    [
      "chat",
      '{"model":"m","messages":[{"role":"user"}],"stream_options":{"include_usage":1}}',
      "invalid_field",
      "stream_options.include_usage",
    ],
    ["embedding", '{"model":"m"}', "invalid_field", "input"],
    ["embedding", '{"model":"m","input":{"a":1}}', "invalid_field", "input"],
    ["embedding", '{"model":"m","input":"hi","stream":true}', "invalid_field", "stream"],
  ] as const)("a bad %s body %s is %s at %s", ([shape, text, code, param], { expect }) => {
    expect(readRequestBody(shape, text)).toMatchObject({ kind: "failure", code, param });
  });
});

describe("upstreamBody", () => {
  const sent = (text: string, model: string, provider = "openai") => {
    const body = readRequestBody("chat", text);
    if (body.kind === "failure") throw new Error(body.message);
    return upstreamBody("chat", body, { kind: "model", provider, model });
  };

  test("a plain call under its own name passes as it came", ({ expect }) => {
    expect(sent(chat, "gpt-4o")).toEqual({ text: chat, changedFields: {} });
  });

  test("the provider's prefix is taken off the model, and nothing else is touched", ({ expect }) => {
    expect(sent(chat.replace("gpt-4o", "openai/gpt-4o"), "gpt-4o")).toEqual({ text: chat, changedFields: { model: '"gpt-4o"' } });
  });

  test("a stream is asked for its usage, beside the caller's own options", ({ expect }) => {
    const text = '{"model":"m","messages":[{"role":"user"}],"stream":true,"stream_options":{"include_obfuscation":false}}';
    const stream_options = '{"include_obfuscation":false,"include_usage":true}';
    expect(sent(text, "m")).toEqual({
      text: text.replace('{"include_obfuscation":false}', stream_options),
      changedFields: { stream_options },
    });
  });

  test("a provider that refuses to be asked for usage is not asked, and still gets what its caller sends", ({ expect }) => {
    const text = '{"model":"m","messages":[{"role":"user"}],"stream":true}';
    expect(sent(text, "m", "mistral")).toEqual({ text, changedFields: {} });
    const asking = text.replace("true", 'true,"stream_options":{"include_usage":true}');
    expect(sent(asking, "m", "mistral")).toEqual({ text: asking, changedFields: {} });
  });

  test("a stream whose caller asks for usage passes as it came", ({ expect }) => {
    const text = '{"model":"m","messages":[{"role":"user"}],"stream":true,"stream_options":{"include_usage":true}}';
    expect(sent(text, "m")).toEqual({ text, changedFields: {} });
  });
});
