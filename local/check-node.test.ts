import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { describe, test } from "vitest";
import * as z from "zod";

const repository = join(import.meta.dirname, "..");
const source = readFileSync(join(import.meta.dirname, "check-node.js"), "utf8");

/** What a Node of this version is told; empty: it is let through. */
function toldTo(version: string): string {
  let told = "";
  let exitCode = 0;
  runInNewContext(source, {
    process: { versions: { node: version }, exit: (code: number) => (exitCode = code) },
    console: { error: (line: string) => (told = line) },
  });
  return exitCode === 0 ? "" : told;
}

describe("the check of Node's version", () => {
  test.for(["20.20.2", "22.17.1", "23.0.0", "23.5.0"])("refuses %s, which cannot run the runner, and says so", (version, { expect }) => {
    expect(toldTo(version)).toBe(
      `EvalForge needs Node 22.18 or later (of Node 23: 23.6), and this is Node ${version}. \`npm ci\` installs one where it can.`,
    );
  });

  test.for(["22.18.0", "23.6.0", "24.0.0", "26.10.0"])("lets %s through", (version, { expect }) => {
    expect(toldTo(version)).toBe("");
  });

  test("lets through what npm installs on any platform", ({ expect }) => {
    const schema = z.object({ optionalDependencies: z.record(z.string(), z.string()) });
    const { optionalDependencies } = schema.parse(JSON.parse(readFileSync(join(repository, "package.json"), "utf8")));
    const nodes = Object.entries(optionalDependencies).filter(([name]) => name.startsWith("node-"));
    expect(nodes.map(([, version]) => toldTo(version))).toEqual(nodes.map(() => ""));
  });
});

test("no file asks `import.meta` whether it is the main one: the oldest of these cannot say, and the file would do nothing", ({
  expect,
}) => {
  const layers = "{core,adapters,durable-objects,queues,workers,migrations,local,tests,tools,bench}";
  const files = globSync(`${layers}/**/*.{ts,mjs,js}`, { cwd: repository, exclude: (name) => name.endsWith("node_modules") });
  const asks = (file: string) => /import\.meta\.main\b/.test(readFileSync(join(repository, file), "utf8"));
  expect(files.length).toBeGreaterThan(200);
  expect(files.filter(asks)).toEqual([]);
});
