import { dialects, wires, type Dialect } from "../wire/wire.ts";
import type { Feature } from "./feature.ts";

/** What a client of one dialect gets of a feature from a provider that is called in another. */
export type Verdict = "passed" | "refused by name" | "not offered";

export interface Cell {
  readonly feature: Feature;
  readonly caller: Dialect;
  readonly provider: Dialect;
}

export function titleOf({ feature, caller, provider }: Cell): string {
  return `${wires[caller].title} to ${wires[provider].title}: ${feature.name}`;
}

export const cellsOf = (features: readonly Feature[]): readonly Cell[] =>
  features.flatMap((feature) => dialects.flatMap((caller) => dialects.map((provider) => ({ feature, caller, provider }))));

/** What the table of features promises of a cell. In its own dialect everything passes. */
export function promiseOf({ feature, caller, provider }: Cell): Verdict {
  const { asks, sees, answers } = feature;
  if (asks[caller] === undefined) return "not offered";
  const seen = sees[provider];
  const isCarried = caller === provider || (typeof seen === "function" ? seen(caller) !== null : seen !== undefined);
  if (!isCarried) return "refused by name";
  return answers !== undefined && answers[provider] === undefined ? "not offered" : "passed";
}

/** What is expected of a cell's request or answer; `null`: nothing. */
export function expectedOf(expected: Feature["sees"], at: Dialect, other: Dialect): Readonly<Record<string, unknown>> | null {
  const found = expected[at];
  return (typeof found === "function" ? found(other) : found) ?? null;
}
