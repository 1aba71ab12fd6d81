import { afterAll, beforeAll, describe, test } from "vitest";
import { getBudgetState, listBudgets } from "#core/contracts/api/budgets.ts";
import { listLimitEvents } from "#core/contracts/api/limit-events.ts";
import { getProject, updateProject } from "#core/contracts/api/projects.ts";
import { listPriceOverrides } from "#core/contracts/api/providers.ts";
import { listRateLimits } from "#core/contracts/api/rate-limits.ts";
import { control } from "./harness/control-api.ts";
import { startSystem, type RunningSystem } from "./harness/running-system.ts";
import { until } from "./harness/until.ts";

let system: RunningSystem;

beforeAll(async () => {
  system = await startSystem({ EVALFORGE_DEMO_SPANS: "300" }, ["--demo"]);
});
afterAll(async () => {
  await system?.remove();
});

const demoProject = () => ({ projectId: system.local.demoProjectId });
const organization = async () => {
  const { organizationId } = await control(system, getProject, { params: demoProject() });
  return { organizationId };
};

/** How the budgets of the demo stand: the part that is spent of the account that spent most of each. */
async function standing() {
  const params = await organization();
  const { budgets } = await control(system, listBudgets, { params, query: { limit: 100 } });
  return await Promise.all(
    budgets.map(async ({ limitId, name, subject }) => {
      const { states } = await control(system, getBudgetState, { params: { ...params, limitId } });
      const [most] = states;
      return { limitId, name, subject, accounts: states.length, spent: most === undefined ? 0 : most.spentNanoUsd / most.limitNanoUsd };
    }),
  );
}

async function restarted(): Promise<void> {
  await system.end("SIGINT");
  system = await system.restart();
}

describe("the limits of the demo", () => {
  test("have money in them: a little, past an alert, and all, so that a call was refused", async ({ expect }) => {
    const budgets = await standing();
    const of = (name: string) => budgets.find((budget) => budget.name === name);
    expect(budgets.every(({ spent }) => spent > 0)).toBe(true);
    expect(of("Everything")?.spent).toBeLessThan(0.2);
    expect(of("Europe")?.spent).toBeGreaterThan(0.8);
    expect(of("Research agents")?.spent).toBeGreaterThan(0.9);
    expect(of("Each user")?.accounts).toBeGreaterThan(3);
    const params = await organization();
    const kinds = await until("the alerts", 20_000, async () => {
      const { events } = await control(system, listLimitEvents, { params, query: { limit: 100 } });
      const all = events.map(({ kind, limitId }) => `${budgets.find((budget) => budget.limitId === limitId)?.name}: ${kind}`);
      return all.includes("Europe: threshold") && all.includes("Research agents: refused") ? all : null;
    });
    expect(kinds.filter((kind) => kind.endsWith(": refused"))).toEqual(["Research agents: refused"]);
    expect(system.output()).toMatch(/ \d+ answered, \d+ refused by a budget\n/);
  });

  test("have rates and prices too", async ({ expect }) => {
    const params = await organization();
    const { rateLimits } = await control(system, listRateLimits, { params, query: { limit: 100 } });
    const { priceOverrides } = await control(system, listPriceOverrides, { params, query: { limit: 100 } });
    expect([rateLimits.length, priceOverrides.length]).toEqual([5, 2]);
  });

  test("stay as they are at a second start", async ({ expect }) => {
    const before = await standing();
    const project = system.local.demoProjectId;
    await restarted();
    expect([system.local.demoProjectId, await standing()]).toEqual([project, before]);
  });

  test("are made anew, and not beside the old ones, where a start was interrupted", async ({ expect }) => {
    const before = await standing();
    const old = system.local.demoProjectId;
    await control(system, updateProject, { params: demoProject(), body: { name: "Demo (not whole)" } });
    await restarted();
    expect(system.local.demoProjectId).not.toBe(old);
    const after = await standing();
    expect(after.map(({ name }) => name).toSorted()).toEqual(before.map(({ name }) => name).toSorted());
    expect(after.find(({ name }) => name === "Applications")?.subject).toEqual({ kind: "project", id: system.local.demoProjectId });
    expect(after.every(({ spent }) => spent > 0)).toBe(true);
  });
});
