import axe from "axe-core";
import OpenAI from "openai";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, test } from "vitest";
import * as z from "zod";
import { getBudgetLedger } from "#core/contracts/api/budget-ledger.ts";
import { listBudgets } from "#core/contracts/api/budgets.ts";
import { regionSchema, type Region } from "#core/contracts/region.ts";
import { chromiumPath, skippedWhy, startBrowser } from "./harness/browser.ts";
import { control } from "./harness/control-api.ts";
import { startProvider, type Provider } from "./harness/provider.ts";
import { startSystem, type RunningSystem } from "./harness/running-system.ts";
import { asking, clientAt, newSpender, spendingProvider } from "./harness/spending.ts";
import { until } from "./harness/until.ts";

const violationsSchema = z.array(z.object({ id: z.string(), nodes: z.array(z.object({ target: z.array(z.unknown()) })) }));
/** A day that does not end under the test. */
const timeZone = new Date().getUTCHours() === 23 ? "Asia/Kolkata" : "UTC";
const limits = { Europe: 100_000_000, Everywhere: 400_000_000 };
const callersPerRegion = 4;
const tokensMax = 200;

let provider: Provider;
let system: RunningSystem;
let browser: Browser;
let page: Page;
let spender: Awaited<ReturnType<typeof newSpender>>;
const spending = spendingProvider();
const complaints: string[] = [];

describe.skipIf(chromiumPath === null)(`limits on the dashboard, in a real browser${skippedWhy}`, () => {
  beforeAll(async () => {
    provider = await startProvider();
    provider.behave(spending.behave);
    system = await startSystem({ OPENAI_BASE_URL: provider.baseUrl, OPENAI_API_KEY: "sk-openai" });
    spender = await newSpender(system);
    browser = await startBrowser();
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.on("pageerror", (error) => complaints.push(String(error)));
    const session = `#key=${system.local.adminKey}&project=${spender.projectId}&gateway=${encodeURIComponent(system.local.url)}`;
    await page.goto(`${system.local.dashboardUrl}/projects/${spender.projectId}/budgets${session}`);
    await page.getByText("Nothing is limited").waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await system?.remove();
    await provider?.close();
  });

  const card = (name: string) => page.getByRole("region", { name, exact: true });

  async function setBudget(name: string, dollars: string, region: Region | null): Promise<void> {
    await page.getByRole("button", { name: "Set a budget" }).click();
    await page.getByLabel("Name").fill(name);
    await page.getByLabel("Dollars").fill(dollars);
    await page.getByText("More", { exact: true }).click();
    await page.getByLabel("Time zone").fill(timeZone);
    if (region !== null) await page.getByLabel("Served in").selectOption(region);
    await page.getByRole("button", { name: "Set it" }).click();
    await card(name).waitFor();
  }

  const brokenRules = async (): Promise<string[]> => {
    await page.evaluate(axe.source);
    const violations = violationsSchema.parse(await page.evaluate("axe.run().then(({ violations }) => violations)"));
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
  };

  /** Spends as fast as its callers can, half of it at most before `isFollowed`, until it is told that waiting does not help; gives what it was told. */
  async function spendIn(region: Region, key: string, isFollowed: Promise<void>): Promise<string[]> {
    return await Promise.all(
      Array.from({ length: callersPerRegion }, async (_, index) => {
        const client = clientAt(system, region, key, 100);
        for (let call = index; ; call += 7) {
          if (spending.billedNanoUsd() > limits.Everywhere / 2) await isFollowed;
          try {
            await client.chat.completions.create(asking("answer", 1 + (call % tokensMax), { max_tokens: tokensMax }));
          } catch (error) {
            if (error instanceof OpenAI.RateLimitError) return error.message;
            throw error;
          }
        }
      }),
    );
  }

  test("budgets for a region and for all are set, three clients spend as fast as they can, and not a nano-dollar is unaccounted for", async ({
    expect,
  }) => {
    await setBudget("Europe", "0.10", "eu-west");
    await setBudget("Everywhere", "0.40", null);
    const key = await spender.newKey();
    const followed = Promise.withResolvers<void>();
    const clients = Promise.all(
      regionSchema.options.map(async (region) => [region, await spendIn(region, key, followed.promise)] as const),
    );
    const spentOnPage = async (): Promise<number> =>
      Number(/\$(\S+) of \$0\.40 spent/.exec(await card("Everywhere").innerText())?.[1] ?? 0);
    const midway = await until("the page to follow", 60_000, async () => (await spentOnPage()) || null);
    followed.resolve();
    await clients;
    await until("the page to show what came after", 60_000, async () => ((await spentOnPage()) > midway ? true : null));
    for (const [region, refusals] of await clients) {
      const name = region === "eu-west" ? "Europe" : "Everywhere";
      for (const refusal of refusals) expect(refusal).toContain(`The budget "${name}"`);
    }

    const params = { organizationId: spender.organizationId };
    const { budgets } = await control(system, listBudgets, { params });
    for (const name of ["Europe", "Everywhere"] as const) {
      const limitId = budgets.find((budget) => budget.name === name)?.limitId;
      const ledger = await until(`the records of ${name}`, 20_000, async () => {
        const read = await control(system, getBudgetLedger, { params: { ...params, limitId } });
        return read.reservedNanoUsd === 0 && read.reconciliation.differenceNanoUsd === 0 ? read : null;
      });
      expect(ledger.reconciliation).toMatchObject({ recordedNanoUsd: ledger.spentNanoUsd, differences: [], calls: [] });
      expect(ledger.spentNanoUsd).toBeLessThanOrEqual(limits[name]);
      expect(ledger.spentNanoUsd).toBeGreaterThan(0.95 * limits[name]);
      if (name === "Everywhere") expect(ledger.spentNanoUsd).toBe(spending.billedNanoUsd());
    }
    await card("Everywhere").getByRole("button", { name: "Ledger" }).click();
    const ledger = page.getByRole("dialog", { name: "Ledger of Everywhere" });
    await ledger.getByText("The records say the same, to the nano-dollar.").waitFor();
    expect(await ledger.getByRole("row").count()).toBe(4);
    expect(await brokenRules()).toEqual([]);
    await page.keyboard.press("Escape");
  });

  test("what happened is on the page, for each budget once", async ({ expect }) => {
    const alerts = card("Alerts");
    await alerts.getByRole("row").filter({ hasText: "80% spent" }).filter({ hasText: "Everywhere" }).waitFor();
    await alerts.getByRole("row").filter({ hasText: "call refused in eu-west" }).filter({ hasText: "Europe" }).waitFor();
    const said = (await alerts.getByRole("row").allInnerTexts()).slice(1).map((text) => text.split("\t").slice(0, 2).join(" "));
    expect(said.toSorted()).toEqual([...new Set(said)].toSorted());
    expect(await brokenRules()).toEqual([]);
  });

  test("a budget is changed in place: what is spent stays spent, and calls go on", async ({ expect }) => {
    await card("Europe").getByRole("button", { name: "Change" }).click();
    const drawer = page.getByRole("dialog", { name: "Change Europe" });
    await drawer.getByLabel("Dollars").fill("0.12");
    await drawer.getByText("With $0.12: ").waitFor();
    await drawer.getByRole("button", { name: "Save" }).click();
    await drawer.waitFor({ state: "hidden" });
    await card("Europe")
      .getByText(/\$0\.0?\d+ of \$0\.12 spent/)
      .waitFor();
    await card("Everywhere").getByRole("button", { name: "Remove" }).click();
    await card("Everywhere").getByRole("alert").getByRole("button", { name: "Remove" }).click();
    await card("Everywhere").waitFor({ state: "detached" });
    const client = clientAt(system, "eu-west", await spender.newKey());
    const { choices } = await client.chat.completions.create(asking("answer", 10, { max_tokens: 100 }));
    expect(choices.length).toBe(1);
  });

  test("what the API refuses it says at its field, and nothing that was typed is lost", async ({ expect }) => {
    await page.getByRole("button", { name: "Set a budget" }).click();
    await page.getByLabel("Name").fill("Nowhere");
    await page.getByLabel("Dollars").fill("1.50");
    await page.getByText("More", { exact: true }).click();
    await page.getByLabel("Time zone").fill("Europe/Atlantis");
    await page.getByRole("button", { name: "Set it" }).click();
    await page.getByRole("alert").filter({ hasText: "is not a time zone" }).waitFor();
    const field = page.getByLabel("Time zone");
    expect([await field.getAttribute("aria-invalid"), await field.inputValue(), await page.getByLabel("Dollars").inputValue()]).toEqual([
      "true",
      "Europe/Atlantis",
      "1.50",
    ]);
    await field.fill("Europe/Dublin");
    await page.getByRole("button", { name: "Set it" }).click();
    await card("Nowhere").waitFor();
  });

  test("a rate limit for users, each by itself, is set, changed and removed", async ({ expect }) => {
    await page.getByRole("link", { name: "Rate limits" }).click();
    await page.getByText("No limit yet").waitFor();
    await page.getByRole("button", { name: "Set a rate limit" }).click();
    await page.getByLabel("Name").fill("Each user");
    await page.getByLabel("Counts").selectOption("users");
    await page.getByLabel("At most").fill("30");
    await page.getByRole("button", { name: "Set it" }).click();
    const row = page.getByRole("row").filter({ hasText: "Each user" });
    expect(await row.innerText()).toMatch(/each user by itself[\s\S]*30 requests a minute[\s\S]*all of it/);
    await row.getByRole("button", { name: "Each user" }).click();
    await page.getByLabel("At most").fill("20");
    await page.getByText("More", { exact: true }).click();
    await page.getByLabel("Burst").fill("25");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("alert").filter({ hasText: "must not be more than" }).waitFor();
    await page.getByLabel("Burst").fill("5");
    await page.getByRole("button", { name: "Save" }).click();
    await row.filter({ hasText: "20 requests a minute" }).waitFor();
    expect(await brokenRules()).toEqual([]);
    await row.getByRole("button", { name: "Each user" }).click();
    await page.getByRole("button", { name: "Remove" }).click();
    await page.getByRole("alert").getByRole("button", { name: "Remove" }).click();
    await page.getByText("No limit yet").waitFor();
    expect(complaints).toEqual([]);
  });
});
