import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { V4WorkerOptionsShape } from "miniflare";
import * as z from "zod";
import { parseCached, readCached, writeCached } from "../cache.ts";

/** The three Workers and the files that configure them. */
export const workerFiles = {
  gateway: "wrangler.toml",
  ingest: "workers/ingest/wrangler.toml",
  app: "workers/app/wrangler.toml",
} as const satisfies Record<string, string>;
export type WorkerName = keyof typeof workerFiles;

/** What a `wrangler.toml` says, in Miniflare's terms. */
export interface WorkerConfiguration {
  /** Absolute path of the entry file. */
  readonly main: string;
  readonly options: V4WorkerOptionsShape;
}
export type WorkerConfigurations = Readonly<Record<WorkerName, WorkerConfiguration>>;

/** Written by ourselves, hence parsed only as far as its shape: the content is Miniflare's to check. */
const configurationSchema = z.object({ main: z.string(), options: z.looseObject({}) });
const cachedSchema = z.object({ gateway: configurationSchema, ingest: configurationSchema, app: configurationSchema });

/** Reads the three configurations through wrangler, or from the cache: loading wrangler takes more than a second. */
export async function readConfigurations(repository: string): Promise<WorkerConfigurations> {
  const hash = createHash("sha256").update(repository);
  for (const file of ["node_modules/wrangler/package.json", ...Object.values(workerFiles)]) {
    hash.update(await readFile(join(repository, file)));
  }
  const path = join(repository, ".cache/local", `workers-${hash.digest("hex")}.json`);
  const cached = parseCached(cachedSchema, (await readCached(path)) ?? "");
  if (cached !== null) return cached;

  // It would write a log into the person's home.
  process.env["WRANGLER_WRITE_LOGS"] = "false";
  const { unstable_getMiniflareWorkerOptions: read } = await import("wrangler");
  const configurationOf = (file: string) => {
    const { workerOptions, main } = read(join(repository, file));
    // The bundle is one module already; rules about files, and what is regular expressions, would not survive the cache.
    const { modulesRules: _, ...options } = workerOptions;
    return { main: main ?? "", options };
  };
  const text = JSON.stringify({
    gateway: configurationOf(workerFiles.gateway),
    ingest: configurationOf(workerFiles.ingest),
    app: configurationOf(workerFiles.app),
  });
  await writeCached(path, text);
  return cachedSchema.parse(JSON.parse(text));
}
