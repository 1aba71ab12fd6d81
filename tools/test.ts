/**
 * `npm test`: lint, types, then every test run; all parts run even if one fails. The last line is
 * `N passed, N failed`: tests, with one failure more for each other part that failed.
 * `npm test -- unit end-to-end` runs only the parts named.
 */
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { lint, types } from "./static-checks.ts";
import { runStep, type Step } from "./step.ts";
import { add, countReport, nothing, type Counts } from "./test-report.ts";

const reports = ".cache/tests";

const vitest = (name: string, config: string): Step => ({
  name,
  command: [
    "vitest",
    "run",
    "--config",
    config,
    // What passing tests write about the faults they cause says nothing to a reader.
    "--silent=passed-only",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${process.cwd()}/${reports}/${name}.json`,
  ],
});

const testRuns: readonly Step[] = [
  vitest("unit", "vitest.config.ts"),
  vitest("workerd", "vitest.workerd.config.ts"),
  vitest("end-to-end", "tests/vitest.config.ts"),
];
const steps: readonly Step[] = [...lint, ...types, ...testRuns];

async function countStep(step: Step): Promise<Counts> {
  const passed = await runStep(step);
  if (!testRuns.includes(step)) return { ...nothing, failed: passed ? 0 : 1 };
  const counts = countReport(readReport(`${reports}/${step.name}.json`));
  // A run that fails outside of every test (an unhandled rejection, a crash) is a failure too.
  return !passed && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

function readReport(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0) {
    console.error(`no part is called ${unknown.join(", ")}; there are: ${steps.map((step) => step.name).join(", ")}`);
    process.exitCode = 1;
    return;
  }
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  let total = nothing;
  for (const step of steps) {
    if (names.length === 0 || names.includes(step.name)) total = add(total, await countStep(step));
  }
  if (total.skipped > 0) console.log(`\n${total.skipped} skipped`);
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed === 0 ? 0 : 1;
}

await main(process.argv.slice(2));
