// npm run bench -- gateway [--only <target,…>] [--write-docs]
// npm run bench -- translation [--write-docs]
import { mkdir, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { renderDocument } from "./gateway/document.ts";
import { renderTables } from "./gateway/render.ts";
import { soakFailures } from "./gateway/report.ts";
import { runGateway } from "./gateway/run-gateway.ts";
import { targetNames } from "./gateway/targets/table.ts";
import { writeSection } from "./section.ts";
import { reached, renderTranslation } from "./translation/render.ts";
import { runTranslation } from "./translation/run-translation.ts";

const usage = `usage: npm run bench -- gateway [--only <${targetNames.join(",")}>] [--write-docs]
       npm run bench -- translation [--write-docs]`;

interface Options {
  readonly only: readonly string[] | undefined;
  readonly writesDocs: boolean;
}

const say = (text: string): void => console.error(text);
const results = new URL("./results/", import.meta.url);
const document = new URL("../docs/benchmarks.md", import.meta.url);

/** Each resolves to the exit code: 1 where something failed. */
const benchmarks = { gateway: benchGateway, translation: benchTranslation } as const;

async function benchGateway({ only, writesDocs }: Options): Promise<number> {
  const unknown = only?.filter((name) => !targetNames.some((known) => known === name)) ?? [];
  if (unknown.length > 0) {
    say(`no such target: ${unknown.join(", ")}\n${usage}`);
    return 1;
  }
  const report = await runGateway(
    targetNames.filter((name) => only?.includes(name) ?? true),
    say,
  );
  console.log(renderTables(report));
  await writeFile(new URL("gateway.json", results), `${JSON.stringify(report, null, 2)}\n`);
  if (writesDocs) await writeSection(document, renderDocument(report));
  return report.failures.length > 0 || (report.soak !== null && soakFailures(report.soak).length > 0) ? 1 : 0;
}

async function benchTranslation({ writesDocs }: Options): Promise<number> {
  const cells = runTranslation(say);
  const section = renderTranslation(cells);
  console.log(section);
  await writeFile(new URL("translation.json", results), `${JSON.stringify(cells, null, 2)}\n`);
  if (writesDocs) await writeSection(document, section);
  return cells.every(reached) ? 0 : 1;
}

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { only: { type: "string" }, "write-docs": { type: "boolean" } },
  });
  const [name = ""] = positionals;
  if (positionals.length !== 1 || (name !== "gateway" && name !== "translation")) {
    say(usage);
    return 1;
  }
  await mkdir(results, { recursive: true });
  return await benchmarks[name]({ only: values.only?.split(","), writesDocs: values["write-docs"] === true });
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return 1;
});
