import { access } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { hashOfFiles, readCached, writeCached } from "../cache.ts";
import { StartFailure } from "../start-failure.ts";

/** What the built dashboard depends on. */
const sources = ["dashboard/**", "core/contracts/**", "package-lock.json"];

/** Builds `dashboard/dist` if its sources changed since the last build. Throws `StartFailure` with what Vite says. */
export async function buildDashboard(repository: string): Promise<"built" | "unchanged"> {
  const hash = await hashOfFiles(repository, sources);
  const marker = join(repository, ".cache/local/dashboard.sha256");
  const page = join(repository, "dashboard/dist/index.html");
  if ((await readCached(marker)) === hash && (await exists(page))) return "unchanged";
  const { build } = await import("vite");
  try {
    await build({ root: join(repository, "dashboard"), configLoader: "native", logLevel: "silent" });
  } catch (error) {
    throw new StartFailure(`The dashboard cannot be built: ${problemOf(error)}`);
  }
  await writeCached(marker, hash);
  return "built";
}

/** Vite's first line only counts the errors. */
function problemOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return stripVTControlCharacters(text).split("\n", 4).join(" ").replaceAll(/[─-╿]/g, " ").replaceAll(/\s+/g, " ").trim();
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
