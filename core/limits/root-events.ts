import { nanoUsdSchema } from "../contracts/money.ts";
import type { LimitEvent, LimitEventKind } from "../contracts/limit-event.ts";
import { regionSchema, type Region } from "../contracts/region.ts";
import type { StoredRoot } from "./root-account.ts";

/** What an admin should hear of an account of a budget, the first time in its window. */
export interface RootEvent {
  readonly kind: LimitEventKind;
  readonly threshold: number | null;
  readonly region: Region | null;
  readonly over: number;
}

/** What a step of a root account gives rise to; `raised` is stored with it, so that nothing is raised twice. */
interface Raised {
  readonly raised: readonly string[];
  readonly events: readonly RootEvent[];
}

/** `spent`: all that counts in the window. `refusedIn`: a region that refused a call. */
export function raiseEvents(root: StoredRoot, spent: number, refusedIn: Region | null): Raised {
  const events: RootEvent[] = [];
  if (root.terms.unit !== "nano-usd") return { raised: root.raised, events };
  const plain = { threshold: null, region: null, over: 0 };
  for (const threshold of root.terms.alertThresholds ?? []) {
    if (spent > 0 && spent >= threshold * root.terms.total) events.push({ ...plain, kind: "threshold", threshold });
  }
  if (refusedIn !== null) events.push({ ...plain, kind: "refused", region: refusedIn });
  const over = regionSchema.options.map((region) => ({ region, over: overIn(root, region) })).find((each) => each.over > 0);
  if (over !== undefined) events.push({ ...plain, kind: "bound_exceeded", ...over });
  const fresh = events.filter((event) => !root.raised.includes(nameOf(event)));
  return fresh.length === 0 ? { raised: root.raised, events: fresh } : { raised: [...root.raised, ...fresh.map(nameOf)], events: fresh };
}

/**
 * A slot of a rolling window goes on from the last one that has an account: what was `raised` there, and still is so under the
 * present terms, is not raised anew.
 */
export function raisedBefore(
  raised: readonly string[],
  { alertThresholds, total }: Pick<StoredRoot["terms"], "alertThresholds" | "total">,
  spent: number,
): readonly string[] {
  return raised.filter((name) =>
    alertThresholds.some((threshold) => nameOf({ kind: "threshold", threshold }) === name && spent >= threshold * total),
  );
}

/** An event as it is told. */
export function toLimitEvent(
  { terms, counted, window: { startMs, endMs } }: StoredRoot,
  { kind, threshold, region, over }: RootEvent,
  { eventId, spent, nowMs }: { readonly eventId: string; readonly spent: number; readonly nowMs: number },
): LimitEvent {
  return {
    eventId,
    limitId: terms.limitId,
    kind,
    counted,
    window: { startMs, endMs },
    threshold,
    region,
    limitNanoUsd: nanoUsdSchema.parse(terms.total),
    spentNanoUsd: nanoUsdSchema.parse(spent),
    overNanoUsd: nanoUsdSchema.parse(over),
    createdAtMs: nowMs,
  };
}

function overIn({ links, endedOver }: StoredRoot, region: Region): number {
  return (links[region]?.over ?? 0) + (endedOver[region] ?? 0);
}

function nameOf({ kind, threshold }: Pick<RootEvent, "kind" | "threshold">): string {
  return threshold === null ? kind : `${kind}:${threshold}`;
}
