/** `npm run check`: everything that can be said of the code without running it. */
import { dryRun } from "./deploy-plan.ts";
import { lint, types } from "./static-checks.ts";
import { runStep, type Step } from "./step.ts";

const steps: readonly Step[] = [
  { name: "lock", command: ["node", "tools/complete-lock.mjs", "--check"] },
  { name: "format", command: ["oxfmt", "--check"] },
  ...lint,
  ...types,
  { name: "unused code (knip)", command: ["knip", "--no-progress"] },
  ...dryRun,
];

// A check never reports to anyone.
process.env["WRANGLER_SEND_METRICS"] = "false";

const failed: string[] = [];
for (const step of steps) {
  if (!(await runStep(step))) failed.push(step.name);
}
console.log(failed.length === 0 ? "\nall checks passed" : `\nfailed: ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
