import { appendFile, cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "vitest";
import { areTablesCurrent, noteTablesCurrent } from "./tables-note.ts";

test("consumers wait for the tables, but in a new directory and where these migrations were all applied", async ({ expect }) => {
  const folder = await mkdtemp(join(tmpdir(), "evalforge-tables-"));
  const [data, repository] = [join(folder, "data"), join(folder, "repository")];
  await cp(join(dirname(import.meta.dirname), "migrations/clickhouse"), join(repository, "migrations/clickhouse"), { recursive: true });
  const seen = [await areTablesCurrent(data, repository)];
  await mkdir(join(data, "workers/r2"), { recursive: true });
  seen.push(await areTablesCurrent(data, repository));
  await noteTablesCurrent(data, repository);
  seen.push(await areTablesCurrent(data, repository));
  await appendFile(join(repository, "migrations/clickhouse/0001_spans.sql"), "-- more\n");
  seen.push(await areTablesCurrent(data, repository));
  expect(seen).toEqual([true, false, true, false]);
  await rm(folder, { recursive: true });
});
