import { test, vi } from "vitest";
import { reportReadiness, type Check } from "./report-readiness.ts";

vi.spyOn(console, "warn").mockImplementation(() => undefined);

const up = () => Promise.resolve();
const broken = () => Promise.reject(new Error("away"));
const silent = () => new Promise<never>(() => {});
const check = (name: string, isNeeded: boolean, ask: Check["ask"]): Check => ({ name, isNeeded, ask });

test.for([
  ["everything up", [check("a", true, up), check("b", false, up)], 200, "ready", []],
  [
    "what calls can do without is down",
    [check("a", true, up), check("b", false, broken), check("c", false, silent)],
    200,
    "degraded",
    ["b", "c"],
  ],
  ["what calls need is down", [check("a", true, broken), check("b", false, up)], 503, "degraded", ["a"]],
  ["what calls need does not answer", [check("a", true, silent)], 503, "degraded", ["a"]],
] as const)("%s", async ([, checks, httpStatus, status, down], { expect }) => {
  const response = await reportReadiness(checks, 20);
  expect([response.status, await response.json()]).toEqual([
    httpStatus,
    { status, down, checks: Object.fromEntries(checks.map(({ name }) => [name, down.some((each) => each === name) ? "down" : "up"])) },
  ]);
});
