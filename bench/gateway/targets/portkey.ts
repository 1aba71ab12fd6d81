import { freePort } from "../../processes/free-port.ts";
import { untilAnswers } from "../../processes/until.ts";
import type { StartTarget } from "../target.ts";

/** Portkey's Node server as its package starts it, pointed at the upstream by its own header. */
export const portkey: StartTarget = async ({ upstreamUrl }) => {
  const port = await freePort();
  process.env["NODE_ENV"] = "production";
  // The package is a program: it reads its arguments and listens when it is imported.
  process.argv.push(`--port=${port}`, "--headless");
  await import("@portkey-ai/gateway/build/start-server.js");
  const url = `http://127.0.0.1:${port}`;
  await untilAnswers(`${url}/`);
  return {
    url,
    headers: { authorization: "Bearer bench", "x-portkey-provider": "openai", "x-portkey-custom-host": `${upstreamUrl}/v1` },
    model: "gpt-4o-mini",
    pid: process.pid,
    stop: async () => undefined,
  };
};
