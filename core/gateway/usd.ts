import type { NanoUsd } from "../contracts/money.ts";

/** Nano-dollars as exact decimal dollars without trailing zeros: 1_500_000 is `0.0015`. */
export function formatUsd(nanoUsd: NanoUsd): string {
  const digits = String(Math.abs(nanoUsd)).padStart(10, "0");
  const fraction = digits.slice(-9).replace(/0+$/, "");
  return `${nanoUsd < 0 ? "-" : ""}${digits.slice(0, -9)}${fraction === "" ? "" : `.${fraction}`}`;
}
