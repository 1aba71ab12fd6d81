import type { StartTarget } from "../target.ts";

/** Nothing in between: what the generator and the upstream can do together. */
export const direct: StartTarget = async ({ upstreamUrl }) => ({
  url: upstreamUrl,
  headers: {},
  model: "gpt-4o-mini",
  pid: process.pid,
  stop: async () => undefined,
});
