import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

export interface MigrationFile {
  readonly name: string;
  /** SHA-256 of the whole file, as hexadecimal. */
  readonly checksum: string;
  readonly statements: readonly string[];
  /** Its first line is `-- repeatable`: all its statements may run again over what they have made already. */
  readonly isRepeatable: boolean;
}

/** The numbered `.sql` files of a folder, in order. */
export async function readMigrationFiles(folder: string): Promise<MigrationFile[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}_.+\.sql$/.test(name)).toSorted();
  return await Promise.all(
    names.map(async (name) => {
      const text = await readFile(path.join(folder, name), "utf8");
      return {
        name,
        checksum: createHash("sha256").update(text).digest("hex"),
        statements: splitStatements(text),
        isRepeatable: /^-- repeatable\r?\n/.test(text),
      };
    }),
  );
}

/** Statements end in a semicolon at the end of a line. */
export function splitStatements(text: string): string[] {
  return text
    .split(/;[ \t]*(?:\r?\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement.replaceAll(/^\s*--.*$/gm, "").trim() !== "");
}
