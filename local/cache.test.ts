import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "vitest";
import * as z from "zod";
import { parseCached, readCached, writeCached } from "./cache.ts";

const schema = z.object({ gateway: z.string() });

test("what was kept is read again; what is missing, cut short or of another shape counts as not there", async ({ expect }) => {
  const directory = await mkdtemp(join(tmpdir(), "evalforge-cache-"));
  const path = join(directory, "deep", "bundles.json");
  const read = async () => parseCached(schema, (await readCached(path)) ?? "");
  expect(await read()).toBeNull();
  await writeCached(path, '{"gateway":"code"}');
  expect(await read()).toEqual({ gateway: "code" });
  for (const text of ["", '{"gateway":"co', '{"gateway":5}', "null"]) {
    await writeFile(path, text);
    expect(await read()).toBeNull();
  }
  await rm(directory, { recursive: true });
});
