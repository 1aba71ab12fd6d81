// npm run bench -- gateway [--only <target,…>] [--write-docs]
import { mkdir, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { renderDocument } from "./gateway/document.ts";
import { renderTables } from "./gateway/render.ts";
import { soakFailures } from "./gateway/report.ts";
import { runGateway } from "./gateway/run-gateway.ts";
import { targetNames } from "./gateway/targets/table.ts";

const usage = `usage: npm run bench -- gateway [--only <${targetNames.join(",")}>] [--write-docs]`;

/** Runs the benchmark that the command line names; the exit code is 1 where a target or a record failed. */
async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { only: { type: "string" }, "write-docs": { type: "boolean" } },
  });
  const only = values.only?.split(",");
  const unknown = only?.filter((name) => !targetNames.some((known) => known === name)) ?? [];
  if (positionals.join(" ") !== "gateway" || unknown.length > 0) {
    console.error(unknown.length > 0 ? `no such target: ${unknown.join(", ")}\n${usage}` : usage);
    return 1;
  }

  const report = await runGateway(
    targetNames.filter((name) => only?.includes(name) ?? true),
    (text) => console.error(text),
  );
  console.log(renderTables(report));
  const results = new URL("./results/", import.meta.url);
  await mkdir(results, { recursive: true });
  await writeFile(new URL("gateway.json", results), `${JSON.stringify(report, null, 2)}\n`);
  if (values["write-docs"] === true) await writeFile(new URL("../docs/benchmarks.md", import.meta.url), renderDocument(report));
  return report.failures.length > 0 || (report.soak !== null && soakFailures(report.soak).length > 0) ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return 1;
});
