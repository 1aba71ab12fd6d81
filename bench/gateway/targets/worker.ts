import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import type { StartTarget } from "../target.ts";

// As the local system does for its own.
process.env["MINIFLARE_WORKERD_V8_FLAGS"] ??= "--incremental-marking";

/**
 * A Worker on the runtime that EvalForge itself runs on here: workerd, on a direct socket, without the header
 * stripping that costs a third.
 */
export function workerTarget(script: string): StartTarget {
  return async ({ upstreamUrl }) => {
    const miniflare = new Miniflare(
      convertV4MiniflareOptions({
        workers: [
          {
            name: "floor",
            modules: [{ type: "ESModule", path: "floor.js", contents: script }],
            compatibilityDate: "2026-11-01",
            bindings: { UPSTREAM: upstreamUrl },
            unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
            stripCfConnectingIp: false,
          },
        ],
      }),
    );
    const url = await miniflare.unsafeGetDirectURL("floor");
    return {
      url: url.origin,
      headers: {},
      model: "gpt-4o-mini",
      pid: process.pid,
      stop: async () => {
        await miniflare.dispose();
      },
    };
  };
}
