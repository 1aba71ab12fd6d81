import { viewerLocale } from "./locale.ts";

const nanoPerUsd = 1_000_000_000n;

/** Dollars in two parts, so that columns can be aligned at the point: `21000` → `$0` and `.000021`. */
export interface Dollars {
  readonly whole: string;
  readonly fraction: string;
}

const grouped = new Intl.NumberFormat(viewerLocale);
/** What stands before, between and after the digits of dollars: `$`, `.` and nothing, or nothing, `,` and ` $`. */
const signs = signsOf(
  new Intl.NumberFormat(viewerLocale, { style: "currency", currency: "USD", currencyDisplay: "narrowSymbol" }).formatToParts(1.5),
);

function signsOf(parts: readonly Intl.NumberFormatPart[]) {
  const wholeAt = parts.findIndex(({ type }) => type === "integer");
  const fractionAt = parts.findIndex(({ type }) => type === "fraction");
  const textOf = (some: readonly Intl.NumberFormatPart[]) => some.map(({ value }) => value).join("");
  return {
    before: textOf(parts.slice(0, wholeAt)),
    point: parts[fractionAt - 1]?.value ?? ".",
    after: textOf(parts.slice(fractionAt + 1)),
  };
}

/** Exact dollars of whole nano-dollars: at least cents, at most nine decimals, thousands grouped. */
export function splitDollars(nanoUsd: number | string): Dollars {
  const nano = BigInt(nanoUsd);
  const absolute = nano < 0n ? -nano : nano;
  const decimals = (absolute % nanoPerUsd)
    .toString()
    .padStart(9, "0")
    .replace(/0{1,7}$/, "");
  return {
    whole: `${nano < 0n ? "−" : ""}${signs.before}${grouped.format(absolute / nanoPerUsd)}`,
    fraction: `${signs.point}${decimals}${signs.after}`,
  };
}

/** `21000` → `$0.000021`; `null` → `unknown`: an unknown price is never shown as 0. A sum that lacks a part gets `≥`. */
export function formatCost(nanoUsd: number | string | null, incomplete: boolean): string {
  if (nanoUsd === null) return "unknown";
  const { whole, fraction } = splitDollars(nanoUsd);
  return `${incomplete ? "≥ " : ""}${whole}${fraction}`;
}
