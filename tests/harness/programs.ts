import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Where a program is on the path; `null` where it is not installed. */
export function findProgram(...names: readonly string[]): string | null {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    for (const name of names) {
      const file = join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not in this folder.
      }
    }
  }
  return null;
}
