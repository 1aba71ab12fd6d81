import { access, readdir } from "node:fs/promises";
import { codeOf } from "../start-failure.ts";

/** `unmade`: there is nothing yet, or its making was cut off. `damaged`: files without the one that every database has. */
export type DirectoryState = "unmade" | "whole" | "damaged";

/** Stands beside a directory while it is being made, so that a crash meanwhile leaves no half a database that looks whole. */
export function makingMarkOf(directory: string): string {
  return `${directory}.making`;
}

/** What a directory of the embedded PostgreSQL is at a glance. Throws where it cannot be read. */
export async function stateOf(directory: string): Promise<DirectoryState> {
  const names = await readdir(directory).catch((error: unknown): string[] => {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  });
  if (names.length === 0 || (await exists(makingMarkOf(directory)))) return "unmade";
  return names.includes("PG_VERSION") ? "whole" : "damaged";
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
