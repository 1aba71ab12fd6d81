import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "vitest";
import { identityOf } from "./identity.ts";
import { lockDirectory } from "./lock.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "evalforge-lock-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test("a second start on the same data is refused with the holder's number, until the lock is given back", async ({ expect }) => {
  const release = await lockDirectory(directory);
  await expect(lockDirectory(directory)).rejects.toThrow(`EvalForge already runs on ${directory} as process ${process.pid}.`);
  await release();
  await (
    await lockDirectory(directory)
  )();
  expect(await readdir(directory)).toEqual([]);
});

test("of several starts at once one gets the data", async ({ expect }) => {
  const starts = await Promise.allSettled(Array.from({ length: 10 }, () => lockDirectory(directory)));
  expect(starts.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test("a lock outlives its holder's kill -9 by nothing", async ({ expect }) => {
  const holder = spawn(process.execPath, ["-e", "setInterval(() => undefined, 1000)"]);
  await writeFile(join(directory, "lock"), JSON.stringify(await identityOf(holder.pid ?? 0)));
  await expect(lockDirectory(directory)).rejects.toThrow(`as process ${holder.pid}.`);
  holder.kill("SIGKILL");
  await once(holder, "exit");
  await (
    await lockDirectory(directory)
  )();
});

test("another process that got the holder's number since does not count", async ({ expect }) => {
  await writeFile(join(directory, "lock"), JSON.stringify({ pid: process.pid, startedAt: "long ago" }));
  const release = await lockDirectory(directory);
  await expect(lockDirectory(directory)).rejects.toThrow("already runs");
  await release();
});

test("a lock that cannot be read counts as left behind", async () => {
  await writeFile(join(directory, "lock"), "garbage");
  await (
    await lockDirectory(directory)
  )();
});
