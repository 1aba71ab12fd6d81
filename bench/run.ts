// npm run bench -- <name> [--only <name,…>] [--steps <number>] [--write-docs]
import { mkdir, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { costReached, renderCost } from "./cost/render.ts";
import { runCost } from "./cost/run-cost.ts";
import { dashboardReached, renderDashboard } from "./dashboard/render.ts";
import { runDashboard } from "./dashboard/run-dashboard.ts";
import { renderDocument } from "./gateway/document.ts";
import { renderTables } from "./gateway/render.ts";
import { soakFailures } from "./gateway/report.ts";
import { runGateway } from "./gateway/run-gateway.ts";
import { targetNames } from "./gateway/targets/table.ts";
import { documentFreshness, renderFreshness } from "./freshness/render.ts";
import { isFresh, runFreshness } from "./freshness/run-freshness.ts";
import { limitsReached, renderLimits } from "./limits/render.ts";
import { protocolSteps, runLimits } from "./limits/run-limits.ts";
import { loadNames } from "./ingest/loads.ts";
import { missedGoals } from "./ingest/report.ts";
import { documentIngest, renderIngest } from "./ingest/render.ts";
import { runIngest } from "./ingest/run-ingest.ts";
import { queriesReached, renderQueries } from "./queries/render.ts";
import { runQueries } from "./queries/run-queries.ts";
import { writeSection } from "./section.ts";
import { renderStorage, storageReached } from "./storage/render.ts";
import { runStorage } from "./storage/run-storage.ts";
import { reached, renderTranslation } from "./translation/render.ts";
import { runTranslation } from "./translation/run-translation.ts";

interface Options {
  readonly only: readonly string[] | undefined;
  /** `null`: as many as are usual. */
  readonly steps: number | null;
  readonly writesDocs: boolean;
}

const say = (text: string): void => console.error(text);
const results = new URL("./results/", import.meta.url);
const document = new URL("../docs/benchmarks.md", import.meta.url);

interface Benchmark {
  /** What may stand after its name. */
  readonly options: string;
  /** Resolves to the exit code: 1 where something failed or a goal was missed. */
  readonly run: (options: Options) => Promise<number>;
}

interface Figures<Report> {
  readonly measure: (say: (text: string) => void) => Promise<Report>;
  /** The section of the document. */
  readonly render: (report: Report) => string;
  /** Whether it shows what it must. */
  readonly isReached: (report: Report) => boolean;
}

/** One that is run whole and has one section. */
function benchmark<Report>(name: string, { measure, render, isReached }: Figures<Report>): Benchmark {
  const run = async ({ writesDocs }: Options): Promise<number> => {
    const report = await measure(say);
    const section = render(report);
    console.log(section);
    await writeFile(new URL(`${name}.json`, results), `${JSON.stringify(report, null, 2)}\n`);
    if (writesDocs) await writeSection(document, section);
    return isReached(report) ? 0 : 1;
  };
  return { options: "[--write-docs]", run };
}

async function benchLimits(options: Options): Promise<number> {
  const steps = options.steps ?? protocolSteps;
  if (!Number.isSafeInteger(steps) || steps < 1) {
    say(`\`--steps\` must be a whole number above 0\n${usage()}`);
    return 1;
  }
  const measure = async (tell: typeof say) => await runLimits(steps, tell);
  return await benchmark("limits", { measure, render: renderLimits, isReached: limitsReached }).run(options);
}

const benchmarks = {
  gateway: { options: `[--only <${targetNames.join(",")}>] [--write-docs]`, run: benchGateway },
  ingest: { options: `[--only <${loadNames.join(",")}>] [--write-docs]`, run: benchIngest },
  freshness: { options: "[--write-docs]", run: benchFreshness },
  translation: benchmark("translation", {
    measure: async (say) => runTranslation(say),
    render: renderTranslation,
    isReached: (cells) => cells.every(reached),
  }),
  storage: benchmark("storage", { measure: runStorage, render: renderStorage, isReached: storageReached }),
  queries: benchmark("queries", { measure: runQueries, render: renderQueries, isReached: queriesReached }),
  limits: { options: "[--steps <number>] [--write-docs]", run: benchLimits },
  dashboard: benchmark("dashboard", { measure: runDashboard, render: renderDashboard, isReached: dashboardReached }),
  cost: benchmark("cost", { measure: runCost, render: renderCost, isReached: costReached }),
} as const satisfies Record<string, Benchmark>;

function usage(): string {
  const lines = Object.entries(benchmarks).map(([name, { options }]) => `npm run bench -- ${name} ${options}`);
  return `usage: ${lines.join("\n       ")}`;
}
/** What `--only` names and `known` does not have; tells of it. */
function hasUnknown(only: readonly string[] | undefined, known: readonly string[]): boolean {
  const unknown = only?.filter((name) => !known.includes(name)) ?? [];
  if (unknown.length > 0) say(`there is no ${unknown.join(", ")}\n${usage()}`);
  return unknown.length > 0;
}

async function benchGateway({ only, writesDocs }: Options): Promise<number> {
  if (hasUnknown(only, targetNames)) return 1;
  const report = await runGateway(
    targetNames.filter((name) => only?.includes(name) ?? true),
    say,
  );
  console.log(renderTables(report));
  await writeFile(new URL("gateway.json", results), `${JSON.stringify(report, null, 2)}\n`);
  if (writesDocs) await writeSection(document, renderDocument(report));
  return report.failures.length > 0 || (report.soak !== null && soakFailures(report.soak).length > 0) ? 1 : 0;
}

function isBenchmark(name: string): name is keyof typeof benchmarks {
  return Object.hasOwn(benchmarks, name);
}

async function benchIngest({ only, writesDocs }: Options): Promise<number> {
  if (hasUnknown(only, loadNames)) return 1;
  const report = await runIngest(
    loadNames.filter((name) => only?.includes(name) ?? true),
    say,
  );
  console.log(renderIngest(report));
  await writeFile(new URL("ingest.json", results), `${JSON.stringify(report, null, 2)}\n`);
  if (writesDocs) await writeSection(document, documentIngest(report));
  return report.failures.length === 0 && report.loads.every((load) => missedGoals(load).length === 0) ? 0 : 1;
}

async function benchFreshness({ writesDocs }: Options): Promise<number> {
  const report = await runFreshness(say);
  console.log(renderFreshness(report));
  await writeFile(new URL("freshness.json", results), `${JSON.stringify(report, null, 2)}\n`);
  if (writesDocs) await writeSection(document, documentFreshness(report));
  return isFresh(report) ? 0 : 1;
}

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { only: { type: "string" }, steps: { type: "string" }, "write-docs": { type: "boolean" } },
  });
  const [name = ""] = positionals;
  if (positionals.length !== 1 || !isBenchmark(name)) {
    say(usage());
    return 1;
  }
  await mkdir(results, { recursive: true });
  return await benchmarks[name].run({
    only: values.only?.split(","),
    steps: values.steps === undefined ? null : Number(values.steps),
    writesDocs: values["write-docs"] === true,
  });
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return 1;
});
