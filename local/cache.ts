import { createHash } from "node:crypto";
import { glob, mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type * as z from "zod";

/** A hash over names, sizes and times of the files that match `patterns`: changes whenever one of them does. */
export async function hashOfFiles(directory: string, patterns: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  const names: string[] = [];
  for await (const name of glob([...patterns], { cwd: directory, exclude: (path) => /(^|\/)(node_modules|dist)$/.test(path) })) {
    names.push(name);
  }
  for (const name of names.toSorted()) {
    const status = await stat(join(directory, name));
    if (status.isFile()) hash.update(`${name}\0${status.size}\0${status.mtimeMs}\0`);
  }
  return hash.digest("hex");
}

/** What a cached JSON text holds; `null` where it is damaged, which counts as not being there. */
export function parseCached<Value>(schema: z.ZodType<Value>, text: string): Value | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** The text under `path` if it is there. */
export async function readCached(path: string): Promise<string | null> {
  return readFile(path, "utf8").catch(() => null);
}

/** Keeps a text under `path`. Where the folder cannot be written, the next start does the work again. */
export async function writeCached(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    // Moved into place whole: several starts may share the cache.
    const draft = `${path}.${process.pid}`;
    await writeFile(draft, text);
    await rename(draft, path);
  } catch {
    // A cache is allowed to be missing.
  }
}
