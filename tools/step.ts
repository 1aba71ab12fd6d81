import { spawn } from "node:child_process";
import { once } from "node:events";

/** One part of a check: a command line, run from the root of the repository. */
export interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

/** Runs a step with its output shown, says how long it took, and returns whether it ended well. */
export async function runStep(step: Step): Promise<boolean> {
  console.log(`\n── ${step.name} ──`);
  const startedAtMs = performance.now();
  const [program, ...args] = step.command;
  const child = spawn(program, args, { cwd: new URL("..", import.meta.url), stdio: "inherit" });
  const passed = await once(child, "close").then(
    ([code]) => code === 0,
    (error: unknown) => {
      console.error(error);
      return false;
    },
  );
  console.log(`── ${step.name}: ${passed ? "passed" : "FAILED"} in ${((performance.now() - startedAtMs) / 1000).toFixed(1)} s`);
  return passed;
}
