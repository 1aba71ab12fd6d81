import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "vitest";
import * as z from "zod";
import { identityOf, isRunning, processIdentitySchema, type ProcessIdentity } from "./identity.ts";
import { untilReported } from "./node-child.ts";
import { openProcessRecord } from "./record.ts";
import { supervise, type ChildSpecification } from "./supervise.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "evalforge-supervise-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const recordSchema = z.object({ processes: z.object({ Store: processIdentitySchema }) });
const serves = "process.send({ kind: 'ready' }); setInterval(() => undefined, 1000); process.on('SIGTERM', () => process.exit(0))";

function child(code: string): ChildSpecification {
  return {
    name: "Store",
    command: process.execPath,
    args: ["-e", code],
    environment: process.env,
    input: "",
    untilReady: untilReported,
    advice: "Look at it.",
  };
}

async function open() {
  const said: string[] = [];
  const changes: (() => void)[] = [];
  const record = await openProcessRecord(directory);
  const supervision = {
    record,
    say: (line: string) => {
      said.push(line);
      for (const change of changes.splice(0)) change();
    },
    onGivenUp: (failure: Error) => {
      said.push(failure.message);
      for (const change of changes.splice(0)) change();
    },
    isEnding: () => false,
  };
  const untilSaid = async (line: string) => {
    while (!said.includes(line)) await new Promise<void>((resolve) => changes.push(resolve));
  };
  return { record, supervision, said, untilSaid };
}

async function recorded(): Promise<ProcessIdentity> {
  return recordSchema.parse(JSON.parse(await readFile(join(directory, "processes.json"), "utf8"))).processes.Store;
}

test("a child that is killed is started again, and stays away once it is stopped", async ({ expect }) => {
  const { supervision, said, untilSaid } = await open();
  const supervised = await supervise(child(serves), supervision);
  const first = await recorded();
  process.kill(first.pid, "SIGKILL");
  await untilSaid("Store is back");
  const second = await recorded();
  expect([second.pid === first.pid, await isRunning(first), await isRunning(second)]).toEqual([false, false, true]);
  await supervised.stop();
  expect([await isRunning(second), said]).toEqual([false, ["Store ended (SIGKILL); starting it again", "Store is back"]]);
});

test("a child that says why it cannot start is believed at once", async ({ expect }) => {
  const { supervision } = await open();
  const failing = child("process.send({ kind: 'failed', reason: 'the disk is full' }); setInterval(() => undefined, 1000)");
  await expect(supervise(failing, supervision)).rejects.toThrow("Store cannot start: the disk is full. Look at it.");
  expect(await isRunning(await recorded())).toBe(false);
});

test("a child that aborts at every try is given up with its last words, without the stack", async ({ expect }) => {
  const { supervision } = await open();
  await expect(supervise(child("throw new Error('header is damaged')"), supervision)).rejects.toThrow(
    "Store cannot start: Error: header is damaged. Look at it.",
  );
});

test("a child that cannot be brought back ends the whole, with its reason", async ({ expect }) => {
  const { supervision, said, untilSaid } = await open();
  const marker = join(directory, "second");
  const onceOnly = `const fs = require('fs'); if (fs.existsSync(${JSON.stringify(marker)})) { process.send({ kind: 'failed', reason: 'gone' }) } else { fs.writeFileSync(${JSON.stringify(marker)}, ''); ${serves} }`;
  await supervise(child(onceOnly), supervision);
  process.kill((await recorded()).pid, "SIGKILL");
  await untilSaid("Store cannot start: gone. Look at it.");
  expect(said).toEqual(["Store ended (SIGKILL); starting it again", "Store cannot start: gone. Look at it."]);
});

test("the next start ends what was left behind, by number and start time", async ({ expect }) => {
  const orphan = spawn(process.execPath, ["-e", "setInterval(() => undefined, 1000)"]);
  await (await openProcessRecord(directory)).put("Store", orphan.pid ?? 0);
  const left = await recorded();
  expect([await (await openProcessRecord(directory)).endAll(5_000), await isRunning(left)]).toEqual([["Store"], false]);
  expect(await (await openProcessRecord(directory)).endAll(5_000)).toEqual([]);
});

test("a child that serves and dies again and again is given up", async ({ expect }) => {
  const { supervision, said, untilSaid } = await open();
  await supervise(child("process.send({ kind: 'ready' }, () => process.exit(3))"), supervision);
  await untilSaid("Store ends again and again (exit code 3). Look at it.");
  const again = ["Store ended (exit code 3); starting it again", "Store is back"];
  expect(said).toEqual([again, again, again, again, "Store ends again and again (exit code 3). Look at it."].flat());
});

test("without grace a process that does not hear is ended at once", async ({ expect }) => {
  const deaf = spawn(process.execPath, ["-e", "process.on('SIGTERM', () => undefined); setInterval(() => undefined, 1000); console.log()"]);
  await once(deaf.stdout, "data");
  const record = await openProcessRecord(directory);
  await record.put("Store", deaf.pid ?? 0);
  const identity = await recorded();
  expect([await record.endAll(0), await isRunning(identity)]).toEqual([["Store"], false]);
});

test("a stop during a restart leaves nothing behind", async ({ expect }) => {
  const { supervision, untilSaid } = await open();
  const supervised = await supervise(child(serves), supervision);
  process.kill((await recorded()).pid, "SIGKILL");
  await untilSaid("Store ended (SIGKILL); starting it again");
  await supervised.stop();
  expect(await isRunning(await recorded())).toBe(false);
});

test("a copy of a data directory does not end the original's processes", async ({ expect }) => {
  const { supervision } = await open();
  const supervised = await supervise(child(serves), supervision);
  const copy = await mkdtemp(join(tmpdir(), "evalforge-copy-"));
  await cp(directory, copy, { recursive: true });
  expect([await (await openProcessRecord(copy)).endAll(5_000), await isRunning(await recorded())]).toEqual([[], true]);
  await supervised.stop();
  await rm(copy, { recursive: true });
});

test("a process has an identity while it runs, and none after", async ({ expect }) => {
  expect([await identityOf(process.pid), await identityOf(2 ** 30)]).toEqual([{ pid: process.pid, startedAt: expect.any(String) }, null]);
});
