import { test } from "vitest";
import { budgetSchema, createBudget } from "#core/contracts/api/budgets.ts";
import { budgetTree } from "./budget-tree.ts";

const budget = (name: string, subject: object, selector: object = {}) =>
  budgetSchema.parse({
    limitId: "019a0000-0000-7000-8000-000000000001",
    ...createBudget.body.parse({ name, subject, selector, window: { kind: "never" }, amount: { totalNanoUsd: 1 } }),
    version: 1,
    createdAtMs: 0,
  });

test("budgets stand from the organization down, for each before for one, and no level that is not used indents", ({ expect }) => {
  const nodes = budgetTree([
    budget("ann", { kind: "user", id: "ann" }),
    budget("users", { kind: "user", id: null }),
    budget("b", { kind: "organization" }),
    budget("a", { kind: "organization" }),
    budget("search", { kind: "team", id: "search" }),
    budget("projects", { kind: "project", id: null }),
  ]);
  expect(nodes.map(({ budget: { name }, depth }) => `${depth} ${name}`)).toEqual([
    "0 a",
    "0 b",
    "1 search",
    "1 projects",
    "2 users",
    "2 ann",
  ]);
});

test("those of all calls stand before those of some", ({ expect }) => {
  const organization = { kind: "organization" };
  const nodes = budgetTree([budget("claude", organization, { model: "claude-*" }), budget("everything", organization)]);
  expect(nodes.map(({ budget: { name }, depth }) => `${depth} ${name}`)).toEqual(["0 everything", "0 claude"]);
});
