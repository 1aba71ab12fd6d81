import { test } from "vitest";
import { nanoUsdSchema } from "../contracts/money.ts";
import { formatUsd } from "./usd.ts";

test.for([
  [0, "0"],
  [5, "0.000000005"],
  [1_500_000, "0.0015"],
  [12_000_000_000, "12"],
  [-2_500_000_000, "-2.5"],
] as const)("%d nano-dollars are $%s, exactly", ([nanoUsd, text], { expect }) => {
  expect(formatUsd(nanoUsdSchema.parse(nanoUsd))).toBe(text);
});
