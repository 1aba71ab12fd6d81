import fc from "fast-check";
import { describe, test } from "vitest";
import { EventSplitter, eventsOf } from "./sse.ts";

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const textOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

describe("EventSplitter", () => {
  test("gives the same bytes for any chunking, in runs of whole events", ({ expect }) => {
    const event = fc.constantFrom("data: one\n\n", "data: two\r\n\r\n", ": comment\n\n", "event: x\ndata: three\n\n");
    fc.assert(
      fc.property(
        fc.array(event, { minLength: 1 }),
        fc.constantFrom("", "data: cut", "data: cut\n"),
        fc.array(fc.nat(200)),
        (events, rest, cuts) => {
          const stream = events.join("") + rest;
          const splitter = new EventSplitter();
          const edges = [...new Set([0, ...cuts.map((cut) => cut % stream.length), stream.length])].toSorted((left, right) => left - right);
          let out = "";
          for (const [index, from] of edges.slice(0, -1).entries()) {
            const whole = splitter.push(bytesOf(stream.slice(from, edges[index + 1])));
            if (whole === null) continue;
            expect(textOf(whole)).toMatch(/\r?\n\r?\n$/);
            out += textOf(whole);
          }
          expect(out).toBe(events.join(""));
          expect([splitter.heldBytes, textOf(splitter.held)]).toEqual([rest.length, rest]);
        },
      ),
    );
  });
});

describe("eventsOf", () => {
  test("reads data, joins its lines, and knows comments", ({ expect }) => {
    expect(eventsOf(": ping\n\ndata: a\n\nevent: x\r\ndata:b\r\ndata: c\r\n\r\n")).toEqual([
      { text: ": ping\n\n", data: null },
      { text: "data: a\n\n", data: "a" },
      { text: "event: x\r\ndata:b\r\ndata: c\r\n\r\n", data: "b\nc" },
    ]);
  });
});
