import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { StartFailure, codeOf } from "../start-failure.ts";
import { identityOf, isRunning, processIdentitySchema } from "./identity.ts";

/**
 * Takes the data directory for this process, until it ends in whatever way. Throws `StartFailure` that names the holder if
 * another running process has it. The result gives it back.
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const path = join(directory, "lock");
  const own = JSON.stringify(await identityOf(process.pid));
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, own, { mode: 0o600 });
  try {
    // A link appears with its content and only where nothing is: nobody can read a lock that is half written.
    while (!(await linked(draft, path))) await removeStale(path, directory);
  } finally {
    await rm(draft, { force: true });
  }
  return async () => {
    if ((await textOf(path)) === own) await rm(path, { force: true });
  };
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}

async function removeStale(path: string, directory: string): Promise<void> {
  const text = await textOf(path);
  if (text === null) return;
  const holder = holderIn(text);
  if (holder !== null && (await isRunning(holder))) {
    throw new StartFailure(
      `EvalForge already runs on ${directory} as process ${holder.pid}. Stop it, or set EVALFORGE_DATA_DIR to another directory.`,
    );
  }
  // Moved before it is removed: a lock that another start took in between is seen and put back.
  const moved = `${path}.${process.pid}.stale`;
  try {
    await rename(path, moved);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  if ((await textOf(moved)) !== text) await linked(moved, path);
  await rm(moved, { force: true });
}

function holderIn(text: string) {
  try {
    return processIdentitySchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
