import { createHash } from "node:crypto";
import { join, relative } from "node:path";
import * as z from "zod";
import { hashOfFiles, parseCached, readCached, writeCached } from "../cache.ts";
import { StartFailure } from "../start-failure.ts";
import type { WorkerConfigurations } from "./configurations.ts";
import type { Bundles } from "./layout.ts";

/** What a bundle is made of, and how. */
const sources = ["{core,adapters,durable-objects,queues,workers}/**", "local/workers/bundle.ts", "package.json", "package-lock.json"];

const bundlesSchema = z.object({ gateway: z.string(), ingest: z.string(), app: z.string() });

/** The three Workers' code, from the cache as long as no source changed. */
export async function bundleWorkers(configurations: WorkerConfigurations, repository: string): Promise<Bundles> {
  const entries = [configurations.gateway.main, configurations.ingest.main, configurations.app.main];
  const hash = createHash("sha256")
    .update([await hashOfFiles(repository, sources), ...entries].join("\n"))
    .digest("hex");
  const path = join(repository, ".cache/local/bundles.json");
  const [cachedHash, text] = splitOnce((await readCached(path)) ?? "", "\n");
  const cached = cachedHash === hash ? parseCached(bundlesSchema, text) : null;
  if (cached !== null) return cached;

  const [gateway, ingest, app] = await Promise.all([
    bundleWorker(configurations.gateway.main, repository),
    bundleWorker(configurations.ingest.main, repository),
    bundleWorker(configurations.app.main, repository),
  ]);
  const { stop } = await import("esbuild");
  await stop();
  const bundles = { gateway, ingest, app };
  await writeCached(path, `${hash}\n${JSON.stringify(bundles)}`);
  return bundles;
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return [text.slice(0, at), text.slice(at + separator.length)];
}

/** Bundles one Worker's entry file into one module, as `wrangler deploy` would. Throws `StartFailure` that names file and line. */
async function bundleWorker(entry: string, repository: string): Promise<string> {
  const { build } = await import("esbuild");
  try {
    const result = await build({
      entryPoints: [entry],
      absWorkingDir: repository,
      bundle: true,
      write: false,
      format: "esm",
      target: "es2024",
      platform: "neutral",
      mainFields: ["browser", "module", "main"],
      conditions: ["workerd", "worker", "browser"],
      external: ["node:*", "cloudflare:*"],
      loader: { ".sql": "text", ".txt": "text", ".html": "text" },
      // Less code is less to hand over to workerd, once for each edge; names stay, so that stacks can be read.
      minifyWhitespace: true,
      minifySyntax: true,
      legalComments: "none",
      // No source maps: they double what workerd needs to start, in time and in memory, once for each edge.
      logLevel: "silent",
    });
    return result.outputFiles[0]?.text ?? "";
  } catch (error) {
    throw new StartFailure(`The Worker ${relative(repository, entry)} cannot be built: ${firstProblem(error)}`);
  }
}

function firstProblem(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split("\n").find((line) => line.includes("ERROR:")) ?? text.split("\n", 1)[0] ?? text).trim();
}
