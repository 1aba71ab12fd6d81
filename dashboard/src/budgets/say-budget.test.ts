import { test } from "vitest";
import { sayPart, usd } from "./say-budget.ts";

test("money is cut off, so that what is nearly all is not said to be all", ({ expect }) => {
  expect([0, 47_725_000, 999_999_999, 1_999_999_999, 50_000_000, 590_000, 1, -2_500_000].map(usd)).toEqual([
    "$0.00",
    "$0.047725",
    "$0.999999",
    "$1.99",
    "$0.05",
    "$0.00059",
    "$0.00",
    "−$0.0025",
  ]);
  expect([0.5, 0.333].map(sayPart)).toEqual(["50%", "33.3%"]);
});
