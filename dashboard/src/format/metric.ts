import { viewerLocale } from "./locale.ts";
import { formatDuration } from "./numbers.ts";

/** What a figure of the API means; money is decimal text of nano-dollars. */
export type MetricUnit = "count" | "tokens" | "nanoUsd" | "ms" | "ratio" | "tokensPerSecond";
export type MetricValue = number | string | null | undefined;

const compact = new Intl.NumberFormat(viewerLocale, { notation: "compact", maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat(viewerLocale);
const percent = new Intl.NumberFormat(viewerLocale, { style: "percent", maximumFractionDigits: 1 });
const smallPercent = new Intl.NumberFormat(viewerLocale, { style: "percent", maximumSignificantDigits: 2 });
const wholePercent = new Intl.NumberFormat(viewerLocale, { style: "percent", maximumFractionDigits: 0 });
const dollars = new Intl.NumberFormat(viewerLocale, { style: "currency", currency: "USD", currencyDisplay: "narrowSymbol" });
const wholeDollars = new Intl.NumberFormat(viewerLocale, {
  style: "currency",
  currency: "USD",
  currencyDisplay: "narrowSymbol",
  maximumFractionDigits: 0,
});
const smallDollars = new Intl.NumberFormat(viewerLocale, {
  style: "currency",
  currency: "USD",
  currencyDisplay: "narrowSymbol",
  maximumSignificantDigits: 2,
});

/** As a number for a chart: dollars of money; `null` where nothing is known. */
export function numberOf(unit: MetricUnit, value: MetricValue): number | null {
  if (value === null || value === undefined) return null;
  return unit === "nanoUsd" ? Number(value) / 1e9 : Number(value);
}

/** `number` is what `numberOf` gives. Short enough for a card or an axis: `12.3K`, `$4.21`, `1.24 s`, `3.2 %`. */
export function formatMetric(unit: MetricUnit, number: number | null): string {
  if (number === null) return "–";
  switch (unit) {
    case "count":
      return Math.abs(number) < 100_000 ? whole.format(number) : compact.format(number);
    case "tokens":
      return compact.format(number);
    case "nanoUsd":
      return formatDollars(number);
    case "ms":
      return formatDuration(number);
    case "ratio":
      return number !== 0 && Math.abs(number) < 0.001 ? smallPercent.format(number) : percent.format(number);
    case "tokensPerSecond":
      return `${compact.format(number)} / s`;
  }
}

/** `$1,204`, `$31.40`, `$0.0021`. */
export function formatDollars(amount: number): string {
  const size = Math.abs(amount);
  if (size >= 1_000) return wholeDollars.format(amount);
  return size >= 0.01 || size === 0 ? dollars.format(amount) : smallDollars.format(amount);
}

/** Changes that would be written as 0 % are none. */
const changeMin = 0.0005;

export function isSame(now: number | null, before: number | null): boolean {
  return now === before || (now !== null && before !== null && before !== 0 && Math.abs(now / before - 1) < changeMin);
}

/** How much a figure changed against the one before: `12%`, `3.4%`, `×12`, `new`; empty where it cannot be said. */
export function formatChange(now: number | null, before: number | null): string {
  if (now === null || before === null) return "";
  if (isSame(now, before)) return "0%";
  if (before === 0) return "new";
  const change = now / before - 1;
  if (change >= 9.995) return `×${compact.format(now / before)}`;
  return (Math.abs(change) < 0.0995 ? percent : wholePercent).format(Math.abs(change));
}
