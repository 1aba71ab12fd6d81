import { joinBytes } from "../bytes.ts";
import fc from "fast-check";
import { describe, test } from "vitest";
import { countFrames, decodeFrames, encodeFrame, groupFrames } from "./frame.ts";

const events = fc.array(fc.jsonValue(), { maxLength: 20 });
/** As JSON has it: -0 is 0 there. */
const parseJson = (text: string): unknown => JSON.parse(text);
const frameOfBytes = (body: readonly number[]) => new Uint8Array([0, 0, 0, body.length, ...body]);

describe("frames", () => {
  test("whatever events are framed, the same are read, in order", ({ expect }) => {
    fc.assert(
      fc.property(events, (values) => {
        const texts = values.map((value) => JSON.stringify(value));
        const bytes = joinBytes(texts.map(encodeFrame));
        expect([...decodeFrames(bytes)]).toEqual(texts.map((text, index) => ({ kind: "event", index, value: parseJson(text) })));
        expect(countFrames(bytes)).toBe(values.length);
      }),
    );
  });

  test("one event that is no JSON, or no text, stands apart and the others go on", ({ expect }) => {
    const bytes = joinBytes([encodeFrame('{"a":1}'), encodeFrame("{"), frameOfBytes([0x22, 0xff, 0x22]), encodeFrame('"é"')]);
    expect([...decodeFrames(bytes)]).toEqual([
      { kind: "event", index: 0, value: { a: 1 } },
      { kind: "bad", index: 1, reason: "not-json", text: "{" },
      { kind: "bad", index: 2, reason: "not-utf8", text: '"\ufffd"' },
      { kind: "event", index: 3, value: "é" },
    ]);
  });

  test("bytes cut anywhere keep every event before the cut, and never read as whole frames unless they are", ({ expect }) => {
    fc.assert(
      fc.property(events, fc.nat(), (values, at) => {
        const frames = values.map((value) => encodeFrame(JSON.stringify(value)));
        const bytes = joinBytes(frames);
        const cut = bytes.subarray(0, at % (bytes.length + 1));
        const ends = frames.map((_, index) => joinBytes(frames.slice(0, index + 1)).length);
        const whole = ends.filter((end) => end <= cut.length).length;
        const isWhole = cut.length === 0 || ends.includes(cut.length);
        const decoded = [...decodeFrames(cut)];
        expect(decoded.filter(({ kind }) => kind === "event")).toHaveLength(whole);
        expect(decoded.filter(({ kind }) => kind === "bad")).toHaveLength(isWhole ? 0 : 1);
        expect(countFrames(cut)).toBe(isWhole ? whole : null);
      }),
    );
  });

  test("a view into larger bytes is read from its own start", ({ expect }) => {
    const around = joinBytes([encodeFrame("1"), encodeFrame("2"), encodeFrame("3")]);
    expect([...decodeFrames(around.subarray(5, 10))]).toEqual([{ kind: "event", index: 0, value: 2 }]);
    expect(countFrames(around.subarray(5, 10))).toBe(1);
  });

  test("frames in groups are the same frames, and no group is larger than asked unless it is one frame", ({ expect }) => {
    const bytesOf = (group: readonly Uint8Array[]): number => joinBytes(group).length;
    fc.assert(
      fc.property(events, fc.integer({ min: 1, max: 60 }), (values, bytesMax) => {
        const frames = values.map((value) => encodeFrame(JSON.stringify(value)));
        const groups = groupFrames(frames, bytesMax);
        expect(groups.flat()).toEqual(frames);
        for (const group of groups) expect(bytesOf(group) <= bytesMax || group.length === 1).toBe(true);
        // No two neighbours would have fitted into one.
        for (const [index, group] of groups.slice(1).entries()) {
          expect(bytesOf(groups[index] ?? []) + (group[0]?.length ?? 0)).toBeGreaterThan(bytesMax);
        }
      }),
    );
  });
});
