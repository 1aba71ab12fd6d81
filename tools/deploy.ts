/**
 * `npm run deploy -- --gateway-host <host> --app-host <host>`: makes the buckets and queues that are missing, then
 * deploys the three Workers in order. `--dry-run`: only what can be said of the Workers without an account.
 */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { deploySteps, dryRun, resources, type Resource } from "./deploy-plan.ts";
import { runStep, type Step } from "./step.ts";

async function runInOrder(steps: readonly Step[]): Promise<boolean> {
  for (const step of steps) if (!(await runStep(step))) return false;
  return true;
}

/** What cannot be asked for counts as missing: making it then says why. */
function isThere({ probe: [program, ...args] }: Resource): boolean {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: { "dry-run": { type: "boolean" }, "gateway-host": { type: "string" }, "app-host": { type: "string" } },
  });
  if (values["dry-run"] === true) return await runInOrder(dryRun);
  const { "gateway-host": gateway, "app-host": app } = values;
  if (gateway === undefined || app === undefined) {
    console.error(
      "Say where the Workers are to be reached: npm run deploy -- --gateway-host llm.example.com --app-host evalforge.example.com",
    );
    return false;
  }
  const missing = resources.filter((resource) => !isThere(resource));
  return await runInOrder([...missing.map(({ create }) => create), ...deploySteps({ gateway, app })]);
}

if (!(await main())) process.exitCode = 1;
