import { organizationIdSchema, projectIdSchema } from "../core/contracts/id.ts";
import type { DemoProject } from "../local/demo/session.ts";

/** Whose spans benchmarks write past the gateway. */
export const benchProject: DemoProject = {
  organizationId: organizationIdSchema.parse("0193c5a0-0000-7000-8000-000000000001"),
  projectId: projectIdSchema.parse("0193c5a0-0000-7000-8000-000000000002"),
  homeRegion: "us-east",
};

/** When their traffic ends: the same on every day that they run. */
export const trafficEndsAtMs = Date.UTC(2026, 10, 20);
