/**
 * `npm test`: lint, types, then every test run; all parts run even if one fails. What failed is named once more at the
 * end, in lines that begin with "✗". The last line is `N passed, N failed`: tests, with one failure more for each other
 * part that failed.
 * `npm test -- unit end-to-end` runs only the parts named.
 */
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { lint, types } from "./static-checks.ts";
import { runStep, type Step } from "./step.ts";
import { add, countReport, listFailures, nothing, type Counts } from "./test-report.ts";

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

interface Outcome {
  readonly counts: Counts;
  readonly failures: readonly string[];
}

async function outcomeOf(step: Step): Promise<Outcome> {
  const passed = await runStep(step);
  const report = testRuns.includes(step) ? readReport(`${reports}/${step.name}.json`) : null;
  const counts = testRuns.includes(step) ? countReport(report) : nothing;
  const failures = listFailures(report);
  // A run that fails outside of every test (an unhandled rejection, a crash) is a failure too.
  const failed = passed ? counts.failed : Math.max(1, counts.failed);
  return { counts: { ...counts, failed }, failures: failed > 0 && failures.length === 0 ? [step.name] : failures };
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
  const failures: string[] = [];
  for (const step of steps.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const outcome = await outcomeOf(step);
    total = add(total, outcome.counts);
    failures.push(...outcome.failures);
  }
  if (failures.length > 0) console.log(`\n${failures.map((failure) => `✗ ${failure}`).join("\n")}`);
  if (total.skipped > 0) console.log(`\n${total.skipped} skipped`);
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed === 0 ? 0 : 1;
}

await main(process.argv.slice(2));
