const nanoPerUsd = 1_000_000_000n;

/** Dollars in two parts, so that columns can be aligned at the point: `21000` → `$0` and `.000021`. */
export interface Dollars {
  readonly whole: string;
  readonly fraction: string;
}

/** Exact dollars of whole nano-dollars: at least cents, at most nine decimals, thousands grouped. */
export function splitDollars(nanoUsd: number | string): Dollars {
  const nano = BigInt(nanoUsd);
  const absolute = nano < 0n ? -nano : nano;
  const whole = (absolute / nanoPerUsd).toLocaleString("en-US");
  const decimals = (absolute % nanoPerUsd)
    .toString()
    .padStart(9, "0")
    .replace(/0{1,7}$/, "");
  return { whole: `${nano < 0n ? "−" : ""}$${whole}`, fraction: `.${decimals}` };
}

/** `21000` → `$0.000021`; `null` → `unknown`: an unknown price is never shown as 0. A sum that lacks a part gets `≥`. */
export function formatCost(nanoUsd: number | string | null, incomplete: boolean): string {
  if (nanoUsd === null) return "unknown";
  const { whole, fraction } = splitDollars(nanoUsd);
  return `${incomplete ? "≥ " : ""}${whole}${fraction}`;
}
