import fc from "fast-check";
import { test } from "vitest";
import { readEventStream } from "./event-stream.ts";

test("comments, other fields and events without data do not count", ({ expect }) => {
  const text = ": hello\n\nevent: x\nid: 1\nretry: 5\n\ndata: one\n\n: keep-alive\ndata:two\ndata:  three\n\ndata\n\n";
  expect(readEventStream(text)).toEqual([{ data: "one" }, { data: "two\n three" }, { data: "" }]);
});

test("an event that was cut off does not count", ({ expect }) => {
  expect(["data: whole\n\ndata: cut", "data: whole\n\ndata: cut\n", "data: whole\n\n"].map(readEventStream)).toEqual(
    Array.from({ length: 3 }, () => [{ data: "whole" }]),
  );
});

test("the kind of line end makes no difference", ({ expect }) => {
  const line = fc.string().map((text) => text.replace(/[\r\n\uFEFF]/g, ""));
  fc.assert(
    fc.property(fc.array(fc.array(line, { minLength: 1 })), fc.constantFrom("\n", "\r\n", "\r"), (events, end) => {
      const text = events.map((lines) => lines.map((data) => `data: ${data}${end}`).join("") + end).join("");
      expect(readEventStream(text)).toEqual(events.map((lines) => ({ data: lines.join("\n") })));
    }),
  );
});
