import { startSystem } from "../../system.ts";
import type { StartTarget } from "../target.ts";

/** The whole local system with the mock as its OpenAI: everything on. */
export const evalforge: StartTarget = async ({ upstreamUrl, scratchDirectory }) => {
  const { url, apiKey, clickhouseUrl, pid, stop } = await startSystem(scratchDirectory, {
    OPENAI_BASE_URL: `${upstreamUrl}/v1`,
    OPENAI_API_KEY: "bench",
  });
  return { url, headers: { authorization: `Bearer ${apiKey}` }, model: "gpt-4o-mini", pid, stop, clickhouseUrl };
};
