import fc from "fast-check";
import { describe, test } from "vitest";
import { joinBytes } from "#core/bytes.ts";
import { encodeFrame, frameOf } from "#core/ingest/frame.ts";
import { unpackedBytes } from "#core/ingest/packet.ts";
import { packFrames, unpackFrames } from "./packets.ts";

const valuesOf = async (bytes: Uint8Array) =>
  (await Array.fromAsync(unpackFrames(bytes))).map((frame) => (frame.kind === "event" ? frame.value : frame));

describe("packets", () => {
  test("whatever is packed and joined, with plain frames between, is read in order, and its size is known unread", async ({ expect }) => {
    const groups = fc.array(fc.record({ isPacked: fc.boolean(), values: fc.array(fc.string(), { maxLength: 5 }) }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(groups, async (all) => {
        const pieces = all.map(({ isPacked, values }) => ({ isPacked, frames: values.map((value) => encodeFrame(JSON.stringify(value))) }));
        const travelling = joinBytes(
          await Promise.all(pieces.map(async ({ isPacked, frames }) => (isPacked ? packFrames(frames) : joinBytes(frames)))),
        );
        expect(await valuesOf(travelling)).toEqual(all.flatMap(({ values }) => values));
        expect(unpackedBytes(travelling)).toBe(joinBytes(pieces.flatMap(({ frames }) => frames)).length);
      }),
      { numRuns: 50 },
    );
  });

  test("a damaged packet is one bad event, and the others go on", async ({ expect }) => {
    const packet = packFrames([encodeFrame('"lost"')]);
    const damaged = frameOf(packet.subarray(4, packet.length - 6));
    expect(await valuesOf(joinBytes([encodeFrame('"before"'), damaged, packFrames([encodeFrame('"after"')])]))).toEqual([
      "before",
      expect.objectContaining({ kind: "bad", index: 1, reason: "not-utf8" }),
      "after",
    ]);
  });

  test("repeated words cost a fraction of their bytes", async ({ expect }) => {
    const frames = Array.from({ length: 100 }, (_, index) =>
      encodeFrame(JSON.stringify({ index, projectId: "p".repeat(36), status: "ok" })),
    );
    expect(packFrames(frames).length).toBeLessThan(joinBytes(frames).length / 5);
  });
});
