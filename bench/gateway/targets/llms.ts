import { createRequire } from "node:module";
import * as z from "zod";
import { freePort } from "../../processes/free-port.ts";
import { untilAnswers } from "../../processes/until.ts";
import type { StartTarget } from "../target.ts";

type LlmsServer = new (options: { logger: boolean; useJsonFile: boolean; initialConfig: Readonly<Record<string, unknown>> }) => {
  start(): Promise<void>;
};
/** The package comes without types: only what is used of it. */
const packageSchema = z.object({ default: z.custom<LlmsServer>((value) => typeof value === "function") });

/** @musistudio/llms with one OpenAI provider and no transformers, logging off: its shortest way. */
export const llms: StartTarget = async ({ upstreamUrl }) => {
  // Its ES module does not load in Node ("Dynamic require of child_process is not supported"); its CommonJS one does.
  const { default: Server } = packageSchema.parse(createRequire(import.meta.url)("@musistudio/llms"));
  const port = await freePort();
  const server = new Server({
    logger: false,
    useJsonFile: false,
    initialConfig: {
      HOST: "127.0.0.1",
      PORT: String(port),
      providers: [{ name: "mock", api_base_url: `${upstreamUrl}/v1/chat/completions`, api_key: "bench", models: ["gpt-4o-mini"] }],
    },
  });
  await server.start();
  const url = `http://127.0.0.1:${port}`;
  await untilAnswers(`${url}/health`);
  return { url, headers: {}, model: "mock,gpt-4o-mini", pid: process.pid, stop: async () => undefined };
};
