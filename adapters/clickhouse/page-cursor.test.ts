import fc from "fast-check";
import { test } from "vitest";
import { traceIdSchema } from "#core/contracts/id.ts";
import { traceCursor } from "./page-cursor.ts";

const traceId = traceIdSchema.parse("0af7651916cd43dd8448eb211c80319c");

test("a cursor comes back as it went out, in the 200 characters that the API takes", ({ expect }) => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (startedAtUs) => {
      const text = traceCursor.format({ startedAtUs, id: traceId });
      expect(traceCursor.parse(text)).toEqual({ startedAtUs, id: traceId });
      expect(text.length).toBeLessThanOrEqual(200);
    }),
  );
});

test("what is no cursor of ours is told apart", ({ expect }) => {
  const texts = [
    "",
    "x",
    ".",
    `1.${"0".repeat(32)}`,
    `1.${traceId}.2`,
    `-1.${traceId}`,
    `1.${traceId.toUpperCase()}`,
    `zzzzzzzzzzz.${traceId}`,
  ];
  expect(texts.map(traceCursor.parse)).toEqual(texts.map(() => null));
});
