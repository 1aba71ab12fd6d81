import type { EscrowTerms, RegionStanding } from "./limiter-rpc.ts";

/** What a region knows of a budget that the root may not. */
interface Known {
  readonly terms: Pick<EscrowTerms, "unit" | "total" | "alertThresholds">;
  /** As the root said last; `null`: it said nothing yet. */
  readonly standing: RegionStanding | null;
  /** All that was ever spent of the region's account. */
  readonly spent: number;
  /** What of it calls cost beyond their reserves. */
  readonly over: number;
  /** The same when the root was last told. */
  readonly toldOver: number;
}

/** The root hears at least of every such part of a budget, so that regions that each know a little do not keep quiet about much. */
const quietPart = 0.01;

/** Whether the root should hear of what was spent here without being asked: then it may have to raise an alert. */
export function isTidings({ terms: { unit, total, alertThresholds }, standing, spent, over, toldOver }: Known): boolean {
  if (unit !== "nano-usd") return false;
  if (over > toldOver) return true;
  if (standing === null) return spent > 0;
  // What was spent in earlier slots, or before the region's storage was lost, is in the standing and in no account here.
  const unheard = spent - (standing.heard ?? standing.inRegion.spent);
  if (unheard <= 0) return false;
  return unheard >= quietPart * total || (alertThresholds ?? []).some((part) => isCrossed(part * total, standing.spent, unheard));
}

function isCrossed(amount: number, heard: number, unheard: number): boolean {
  return heard < amount && heard + unheard >= amount;
}
