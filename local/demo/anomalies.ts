/** What is out of the ordinary in the traffic between two moments, and when. */
export interface Anomalies {
  /** Most calls of a provider fail. */
  readonly outage: { readonly provider: "anthropic"; readonly fromMs: number; readonly toMs: number };
  /** From here on the knowledge base asks a model that costs twice as much. */
  readonly dearerModelFromMs: number;
  /** A research agent goes round in circles from here on. */
  readonly runawayFromMs: number;
}

export function anomaliesBetween(fromMs: number, toMs: number): Anomalies {
  const at = (part: number): number => fromMs + (toMs - fromMs) * part;
  return {
    outage: { provider: "anthropic", fromMs: at(0.62), toMs: at(0.63) },
    dearerModelFromMs: at(0.72),
    runawayFromMs: at(0.45),
  };
}
