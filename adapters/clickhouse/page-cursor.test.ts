import fc from "fast-check";
import { test } from "vitest";
import { spanIdSchema } from "#core/contracts/id.ts";
import { spanCursor } from "./page-cursor.ts";

const spanId = spanIdSchema.parse("8448eb211c80319c");

test("a cursor comes back as it went out, in the 200 characters that the API takes", ({ expect }) => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (startedAtUs) => {
      const text = spanCursor.format({ startedAtUs, id: spanId });
      expect(spanCursor.parse(text)).toEqual({ startedAtUs, id: spanId });
      expect(text.length).toBeLessThanOrEqual(200);
    }),
  );
});

test("what is no cursor of ours is told apart", ({ expect }) => {
  const texts = [
    "",
    "x",
    ".",
    `1.${"0".repeat(16)}`,
    `1.${spanId}.2`,
    `-1.${spanId}`,
    `1.${spanId.toUpperCase()}`,
    `zzzzzzzzzzz.${spanId}`,
  ];
  expect(texts.map(spanCursor.parse)).toEqual(texts.map(() => null));
});
