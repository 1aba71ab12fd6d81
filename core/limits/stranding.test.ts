import { describe, test } from "vitest";
import { strandingMonth } from "./stranding.fixture.ts";

describe("pockets in a month", () => {
  test("of isolates that end with deployments alone strand next to nothing, and few calls ask their region", ({ expect }) => {
    const { calls, hops, strandedPart, costPart } = strandingMonth({ deploymentsADay: 10, isolateLifeMs: null });
    expect(strandedPart).toBeLessThanOrEqual(0.005);
    expect(hops / calls).toBeLessThanOrEqual(0.005);
    expect(costPart).toBeCloseTo(0.75, 5);
  });

  test("of isolates that also die every 30 s strand no more than half a hundredth of the budget", ({ expect }) => {
    expect(strandingMonth({ deploymentsADay: 10, isolateLifeMs: 30_000 }).strandedPart).toBeLessThanOrEqual(0.005);
  });
});
