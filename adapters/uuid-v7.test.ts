import { test } from "vitest";
import * as z from "zod";
import { uuidV7 } from "./uuid-v7.ts";

test("an id is a UUIDv7 that begins with its time, so that later ids sort later", ({ expect }) => {
  const early = uuidV7(0x0192_3456_789a);
  expect(z.uuidv7().parse(early)).toBe(early);
  expect(early.slice(0, 13)).toBe("01923456-789a");
  expect(early < uuidV7(0x0192_3456_789b)).toBe(true);
});
