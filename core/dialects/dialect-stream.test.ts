import { describe, test } from "vitest";
import type { AnswerContext } from "./dialect.ts";
import { DialectStream } from "./dialect-stream.ts";
import { dialects } from "./dialects.ts";
import { messagesFixtures } from "./messages/messages.fixture.ts";

const { plain } = messagesFixtures.streams;
const context: AnswerContext = { model: "asked-for", createdAtSeconds: 1, id: "0193c5a0", includeUsage: true, request: {} };
const open = (to: "chat" | "messages") =>
  new DialectStream({ reader: dialects.messages.openReader(), dialect: dialects[to], isUntouched: to === "messages", context });

describe("a stream in its client's own dialect", () => {
  test("passes whole but for its last event, which is kept until the record is safe", ({ expect }) => {
    if (plain === undefined) throw new Error("there is a plain stream");
    const last = plain.text.lastIndexOf("event: message_stop");
    const stream = open("messages");
    expect(stream.read(plain.text.slice(0, last))).toEqual({ forward: { kind: "whole" }, hasData: true, end: "open" });
    expect(stream.read(plain.text.slice(last))).toEqual({ forward: { kind: "text", text: "" }, hasData: true, end: "done" });
    expect(stream.endText()).toBe(plain.text.slice(last));
  });
});

describe("a stream in another dialect", () => {
  test("names the model that answers, tells usage to its record as its provider did, and ends only when it is whole", ({ expect }) => {
    if (plain === undefined) throw new Error("there is a plain stream");
    const stream = open("chat");
    const { forward, end } = stream.read(plain.text);
    const told = forward.kind === "text" ? forward.text : "";
    expect([end, told.includes("[DONE]"), stream.endText()]).toEqual(["done", false, "data: [DONE]\n\n"]);
    expect(told).toContain(`"model":"${plain.answer.model}"`);
    expect(told).not.toContain("asked-for");
    const { usage, usageRaw, modelServed } = stream.facts();
    expect([usage, modelServed]).toEqual([plain.answer.usage, plain.answer.model]);
    expect(JSON.parse(usageRaw)).toMatchObject({ output_tokens: expect.any(Number) });
  });

  test.for(["chat", "messages", "responses"] as const)("is cut as an answer that has reached its cap: %s", (to, { expect }) => {
    if (plain === undefined) throw new Error("there is a plain stream");
    const stream = new DialectStream({ reader: dialects.messages.openReader(), dialect: dialects[to], isUntouched: false, context });
    const { forward } = stream.read(plain.text.slice(0, plain.text.indexOf("event: content_block_stop")));
    const { cutting } = stream;
    if (cutting === null || forward.kind !== "text") throw new Error("it is written anew");
    const text = forward.text + cutting.cut();
    const client = new DialectStream({ reader: dialects[to].openReader(), dialect: dialects[to], isUntouched: true, context });
    const { end } = client.read(text);
    expect([end, client.facts().finishReason?.unified]).toEqual(["done", "length"]);
    expect(cutting.tokensMax()).toBeGreaterThan(32);
  });

  test("that ends without its end mark is cut, whatever was told", ({ expect }) => {
    if (plain === undefined) throw new Error("there is a plain stream");
    const stream = open("chat");
    stream.read(plain.text.slice(0, plain.text.lastIndexOf("event: message_stop")));
    expect(stream.end("").end).toMatchObject({ code: "upstream_cut" });
    expect(stream.output()).toMatchObject({ object: "chat.completion", model: plain.answer.model });
  });
});
