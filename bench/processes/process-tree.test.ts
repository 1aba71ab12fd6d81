import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "vitest";
import { endTree, treeUsage } from "./process-tree.ts";

test("a tree is counted and ended with its grandchildren", async ({ expect }) => {
  const script = `const { spawn } = require("node:child_process"); const grandchild = spawn(process.execPath, ["-e", "console.log('up'); setInterval(() => {}, 1000)"], { stdio: ["ignore", "inherit", "ignore"] });`;
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "ignore"] });
  await once(child.stdout, "data");
  const pid = child.pid ?? 0;
  const alone = treeUsage(process.pid).rssBytes - treeUsage(pid).rssBytes;
  expect({ both: treeUsage(pid).rssBytes > 60e6, withinOurs: alone > 0 }).toEqual({ both: true, withinOurs: true });

  // The pipe closes when the last process that holds it is gone: the grandchild too.
  const gone = Promise.all([once(child, "exit"), once(child.stdout, "close")]);
  endTree(pid);
  await gone;
  expect(treeUsage(pid)).toEqual({ cpuMs: 0, rssBytes: 0, workerd: { cpuMs: 0, rssBytes: 0 } });
});
