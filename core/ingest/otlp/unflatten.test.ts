import { test } from "vitest";
import { unflatten, unwrap } from "./unflatten.ts";

test("messages of many attributes are a list in the order of their numbers", ({ expect }) => {
  const members: [string, string][] = [
    ["10.message.role", "tool"],
    ["2.message.role", "user"],
    ["2.message.contents.0.message_content.type", "text"],
    ["2.message.contents.0.message_content.text", "Hi"],
    ["10.message.tool_calls.0.tool_call.function.name", "weather"],
  ];
  expect(unwrap(unflatten(members))).toEqual([
    { role: "user", contents: [{ type: "text", text: "Hi" }] },
    { role: "tool", tool_calls: [{ function: { name: "weather" } }] },
  ]);
});

test("hostile paths make small values: huge numbers, prototypes, a value above others, thousands of steps", ({ expect }) => {
  expect(unflatten([["999999999.a", 1]])).toEqual([{ a: 1 }]);
  expect(JSON.stringify(unflatten([["__proto__.polluted", true]]))).toBe('{"__proto__":{"polluted":true}}');
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  expect(
    unflatten([
      ["a", 1],
      ["a.b", 2],
    ]),
  ).toEqual({ a: { b: 2, "": 1 } });
  const deep = JSON.stringify(unflatten([["x.".repeat(5_000), 1]]));
  expect(deep.split("{").length).toBe(13);
});
