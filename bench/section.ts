import { readFile, writeFile } from "node:fs/promises";

/** Puts a section into a document in place of the one with the same heading, or after all others. */
export async function writeSection(path: URL, section: string): Promise<void> {
  const [heading = ""] = section.split("\n", 1);
  const text = await readFile(path, "utf8");
  const start = text.indexOf(`${heading}\n`);
  if (start === -1) return await writeFile(path, `${text.trimEnd()}\n\n${section.trimEnd()}\n`);
  const next = text.indexOf("\n## ", start);
  const after = next === -1 ? "" : `\n${text.slice(next + 1)}`;
  await writeFile(path, `${text.slice(0, start)}${section.trimEnd()}\n${after}`);
}
