import { describe, test } from "vitest";
import { readFinishReason } from "./finish-reason.ts";

describe("readFinishReason", () => {
  test.for([
    ["stop", "stop"],
    ["function_call", "tool_calls"],
    ["eos", "other"],
    ["constructor", "other"],
    ["__proto__", "other"],
  ] as const)("%s means %s", ([raw, unified], { expect }) => {
    expect(readFinishReason(raw)).toEqual({ unified, raw });
  });

  test("none yet is none", ({ expect }) => {
    expect(readFinishReason(null)).toBeNull();
  });
});
