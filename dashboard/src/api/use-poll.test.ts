import { test } from "vitest";
import { backoffMs } from "./use-poll.ts";

test("failed rounds wait longer each time, up to half a minute", ({ expect }) => {
  expect([1, 2, 3, 5, 6, 20].map(backoffMs)).toEqual([1_000, 2_000, 4_000, 16_000, 30_000, 30_000]);
});
