import { test } from "vitest";
import { freeBytes } from "./bytes.ts";

test("what is freed is empty, and what shares its memory too", ({ expect }) => {
  const bytes = new Uint8Array(1_000_000);
  const part = bytes.subarray(10, 20);
  freeBytes(part);
  expect([bytes.byteLength, part.byteLength, bytes.buffer.byteLength]).toEqual([0, 0, 0]);
});
