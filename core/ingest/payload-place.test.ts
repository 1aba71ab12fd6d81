import fc from "fast-check";
import { describe, test } from "vitest";
import { utf8Bytes } from "../bytes.ts";
import type { Payload } from "../contracts/span.ts";
import { isLargerThan, payloadLimits } from "./payload-place.ts";

const inline = (text: string): Payload => ({ kind: "inline", mediaType: "text/plain", text });
const anyText = fc.string({ unit: "binary", maxLength: 60 });

describe("payload sizes", () => {
  test("bytes are counted as UTF-8 has them, broken surrogates included", ({ expect }) => {
    const units = fc.array(fc.nat(0xffff), { maxLength: 40 }).map((codes) => String.fromCharCode(...codes));
    fc.assert(
      fc.property(fc.oneof(anyText, units), (text) => {
        expect(utf8Bytes(text)).toBe(new TextEncoder().encode(text).length);
      }),
    );
  });

  test("an inline payload is larger than a limit from one byte above it, whatever its letters", ({ expect }) => {
    fc.assert(
      fc.property(anyText, fc.nat(120), (text, limit) => {
        expect(isLargerThan(inline(text), limit)).toBe(new TextEncoder().encode(text).length > limit);
      }),
    );
  });

  test("64 KB stay in the row, one byte more does not", ({ expect }) => {
    expect(isLargerThan(inline("x".repeat(65_536)), payloadLimits.inlineBytesMax)).toBe(false);
    expect(isLargerThan(inline("x".repeat(65_537)), payloadLimits.inlineBytesMax)).toBe(true);
    expect(isLargerThan(inline("é".repeat(32_769)), payloadLimits.inlineBytesMax)).toBe(true);
  });

  test("what is not inline never moves", ({ expect }) => {
    expect(isLargerThan({ kind: "omitted", reason: "none" }, 0)).toBe(false);
  });
});
