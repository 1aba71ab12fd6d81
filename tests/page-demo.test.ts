import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import axe from "axe-core";
import OpenAI from "openai";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, test } from "vitest";
import * as z from "zod";
import { chromiumPath, skippedWhy, startBrowser } from "./harness/browser.ts";
import { startSystem, type RunningSystem } from "./harness/running-system.ts";
import { walkByTab } from "./harness/keyboard.ts";
import { until } from "./harness/until.ts";

const scriptBytesMax = 200 * 1024;
const spans = "2000";
const desk = { width: 1440, height: 900 };
/** A theme changes colours and nothing else. */
const schemes = [
  ["light", null],
  ["dark", ["color-contrast", "link-in-text-block"]],
] as const;
const phone = { width: 390, height: 844 };
const pages = [
  "?range=30d",
  // Of some length: Tab goes through every row.
  "/traces?range=24h",
  "/sessions?range=30d",
  "/users?range=30d",
  "/models?range=30d",
  "/start",
  "/playground",
  "/keys?range=30d",
  "/budgets",
  "/rate-limits",
  "/providers",
  "/projects",
  "/policy",
  "/ingestion",
  "/dead-letters",
  "/design",
];

const violationsSchema = z.array(z.object({ id: z.string(), nodes: z.array(z.object({ target: z.array(z.unknown()) })) }));

let system: RunningSystem;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const complaints: string[] = [];

describe.skipIf(chromiumPath === null)(`the dashboard over a generated month, in a real browser${skippedWhy}`, () => {
  beforeAll(async () => {
    system = await startSystem({ EVALFORGE_DEMO_SPANS: spans }, ["--demo"]);
    browser = await startBrowser();
    context = await browser.newContext({ viewport: desk, permissions: ["clipboard-read", "clipboard-write"] });
    page = await signedIn(context);
  });
  afterAll(async () => {
    await browser?.close();
    await system?.remove();
  });

  const project = () => `${system.local.dashboardUrl}/projects/${system.local.demoProjectId}`;
  const session = (projectId: string | null) =>
    `#key=${system.local.adminKey}&project=${projectId}&gateway=${encodeURIComponent(system.local.url)}`;

  /** A page whose complaints are heard, signed in to the demo's project. */
  async function signedIn(into: BrowserContext): Promise<Page> {
    const opened = await into.newPage();
    opened.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(`${opened.url()}: ${message.text()}`);
    });
    opened.on("pageerror", (error) => complaints.push(`${opened.url()}: ${String(error)}`));
    await opened.goto(`${project()}${session(system.local.demoProjectId)}`);
    await opened.getByRole("heading", { name: "Overview", exact: true }).waitFor();
    return opened;
  }

  /** What is drawn has been fetched; the page of the design always shows what is not. */
  const settled = async (on: Page) => {
    await on.waitForLoadState("networkidle");
    await drawn(on);
  };
  const drawn = async (on: Page) => {
    await until("all to be drawn", 30_000, async () =>
      (await on.locator("main > .page:not(.page-design) [aria-busy=true]:visible").count()) === 0 ? true : null,
    );
  };

  /** Whether a page is no wider than the screen, once its charts have taken the width that it has now. */
  const fits = async (on: Page): Promise<boolean> =>
    await until("the page to be as wide as the screen", 5_000, async () =>
      (await on.evaluate("document.documentElement.scrollWidth <= window.innerWidth")) === true ? true : null,
    ).catch(() => false);

  /** `only`: the rules that are asked about; `null`: all. */
  const brokenRules = async (on: Page, only: readonly string[] | null): Promise<string[]> => {
    const options = JSON.stringify({ resultTypes: ["violations"], ...(only === null ? {} : { runOnly: only }) });
    const violations = violationsSchema.parse(await on.evaluate(`axe.run(${options}).then(({ violations }) => violations)`));
    return violations.map(({ id, nodes }) => `${on.url()} ${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
  };

  let details: readonly string[] | null = null;
  /** A session, a user and a trace of some spans, in both of its views. */
  const detailPages = async (on: Page): Promise<readonly string[]> => {
    if (details !== null) return details;
    const first = async (path: string): Promise<string> => {
      await on.goto(project() + path);
      const href = await on.getByRole("row").nth(1).getByRole("link").first().getAttribute("href");
      return new URL(href ?? "", project()).pathname.replace(new URL(project()).pathname, "");
    };
    const filter = encodeURIComponent('[{"field":"trace.spanCount","operator":"gt","value":12}]');
    const trace = await first(`/traces?range=30d&filter=${filter}`);
    details = [await first("/sessions?range=30d"), await first("/users?range=30d"), trace, `${trace}?view=graph`];
    return details;
  };

  const firstTrace = async (): Promise<string> => {
    await page.goto(`${project()}/traces?range=30d`);
    return (await page.getByRole("row").nth(1).getByRole("link").getAttribute("href")) ?? "";
  };

  test("the overview shows the month, and its scripts are small", async ({ expect }) => {
    const scripts = new Map<string, Promise<number>>();
    const fresh = await context.newPage();
    fresh.on("response", (response) => {
      if (response.url().endsWith(".js"))
        scripts.set(
          response.url(),
          response.body().then((body) => gzipSync(body).length),
        );
    });
    await fresh.goto(`${project()}?range=30d${session(system.local.demoProjectId)}`);
    await fresh.getByRole("group", { name: "Figures" }).getByText("Requests").waitFor();
    await settled(fresh);
    const requests = await fresh.getByRole("button", { name: /^Requests/ }).innerText();
    expect(Number(/[\d,]{3,}/.exec(requests)?.[0].replace(",", ""))).toBeGreaterThan(1_000);
    await fresh.getByRole("link", { name: "claude-sonnet-4-5" }).first().waitFor();
    const bytes = (await Promise.all(scripts.values())).reduce((sum, size) => sum + size, 0);
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes, [...scripts.keys()].join(" ")).toBeLessThanOrEqual(scriptBytesMax);
    await fresh.close();
  });

  describe("every page", () => {
    const found: Record<"byAxe" | "wide" | "unreached" | "unseen", string[]> = { byAxe: [], wide: [], unreached: [], unseen: [] };

    // Each is loaded once for all that is asked of it: loading takes longer than asking.
    const walk = async (paths: readonly string[]): Promise<void> => {
      const walked = await browser.newContext({ viewport: desk, reducedMotion: "reduce" });
      const on = await signedIn(walked);
      for (const path of paths) {
        await on.goto(project() + path);
        await settled(on);
        const { unreached, unseen } = await walkByTab(on);
        found.unreached.push(...unreached.map((element) => `${path} ${element}`));
        found.unseen.push(...unseen.map((element) => `${path} ${element}`));
        await on.evaluate(axe.source);
        for (const [colorScheme, only] of schemes) {
          await on.emulateMedia({ colorScheme });
          found.byAxe.push(...(await brokenRules(on, only)).map((rule) => `${colorScheme} ${rule}`));
        }
        await on.emulateMedia({ colorScheme: "light" });
        await on.setViewportSize(phone);
        await drawn(on);
        if (!(await fits(on))) found.wide.push(path);
        await on.setViewportSize(desk);
      }
      await walked.close();
    };
    beforeAll(async () => {
      const all = [...pages, ...(await detailPages(page))];
      // Two at a time: each waits for the system half of its time.
      await Promise.all([0, 1].map(async (part) => await walk(all.filter((_, at) => at % 2 === part))));
    }, 240_000);

    test("has nothing that axe finds, in either theme", ({ expect }) => {
      expect(found.byAxe).toEqual([]);
    });
    test("is no wider than a phone", ({ expect }) => {
      expect(found.wide).toEqual([]);
    });
    test("is reached in all its parts by Tab", ({ expect }) => {
      expect(found.unreached).toEqual([]);
    });
    test("shows what has the focus", ({ expect }) => {
      expect(found.unseen).toEqual([]);
    });
  });

  test("a drag over the chart sets the range of the address, and going back takes it away", async ({ expect }) => {
    await page.goto(`${project()}?range=30d`);
    await settled(page);
    const box = await page.getByRole("group", { name: /^Requests over time/ }).boundingBox();
    if (box === null) throw new Error("the chart is not drawn");
    await page.mouse.move(box.x + box.width * 0.3, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + 60, { steps: 5 });
    await page.mouse.up();
    await page.waitForURL(/range=\d+-\d+/);
    await page.goBack();
    expect(new URL(page.url()).searchParams.get("range")).toBe("30d");
  });

  test("the same by keys alone", async ({ expect }) => {
    await page.goto(`${project()}?range=30d`);
    await settled(page);
    await page.getByRole("group", { name: /^Requests over time/ }).focus();
    for (const key of ["ArrowRight", "ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "Enter"]) await page.keyboard.press(key);
    await page.waitForURL(/range=\d+-\d+/);
    const [from, to] = (new URL(page.url()).searchParams.get("range") ?? "").split("-").map(Number);
    expect(((to ?? 0) - (from ?? 0)) % 3_600_000).toBe(0);
  });

  test("a click on a value narrows the list, stands in the address, and survives a reload", async ({ expect }) => {
    await page.goto(`${project()}/traces?range=30d`);
    await page.getByRole("checkbox", { name: /^error/ }).check();
    await page.getByText("Status is error").waitFor();
    await page.reload();
    await page.getByText("Status is error").waitFor();
    await page.getByRole("row").nth(1).waitFor();
    const found = await until("rows of failed spans only", 10_000, async () => {
      const statuses = await page
        .getByRole("row")
        .getByRole("cell")
        .filter({ hasText: /^(ok|error|cancelled)$/ })
        .allInnerTexts();
      return statuses.length > 0 ? statuses : null;
    });
    expect(found.filter((status) => status === "error").length).toBeGreaterThan(0);
    expect(JSON.parse(new URL(page.url()).searchParams.get("filter") ?? "")).toEqual([
      { field: "status", operator: "in", value: ["error"] },
    ]);
    await page.getByRole("button", { name: "Remove: Status is error" }).click();
    await page.waitForURL((url) => !url.searchParams.has("filter"));
  });

  test("by keys alone the slowest call is found, opened, and left again at the same place", async ({ expect }) => {
    await page.goto(`${project()}/traces?range=30d&sort=duration`);
    await page.getByRole("row").nth(1).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    expect(await page.evaluate("document.activeElement.closest('tr')?.dataset.index")).toBe("1");
    await page.keyboard.press("Enter");
    await page.getByRole("region", { name: "Spans" }).waitFor();
    expect(page.url()).toMatch(/\/traces\/[0-9a-f]{32}\?range=30d&sort=duration$/);
    await page.goBack();
    await page.getByRole("heading", { name: "Traces", exact: true }).waitFor();
    await page.keyboard.press("/");
    expect(await page.evaluate("document.activeElement.getAttribute('type')")).toBe("search");
  });

  test("only the rows near the screen are drawn, however many are listed", async ({ expect }) => {
    await page.goto(`${project()}/traces?range=30d`);
    await page.getByRole("row").nth(1).waitFor();
    for (let round = 0; round < 3; round += 1) {
      const before = await page.evaluate("document.documentElement.scrollHeight");
      await page.mouse.wheel(0, 100_000);
      await until("more rows", 30_000, async () =>
        (await page.evaluate("document.documentElement.scrollHeight")) !== before ? true : null,
      );
    }
    expect(Number(await page.getByRole("table", { name: "Traces" }).getAttribute("aria-rowcount"))).toBeGreaterThan(500);
    expect(await page.getByRole("row").count()).toBeLessThan(80);
  });

  test("what is listed is saved as CSV, in the order of the list", async ({ expect }) => {
    await page.goto(`${project()}/traces?range=7d&sort=costNanoUsd`);
    await page.getByRole("row").nth(1).waitFor();
    await page.getByRole("button", { name: "Export" }).click();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "CSV" }).click()]);
    const [head, ...rows] = (await readFile(await download.path(), "utf8")).split("\r\n");
    expect(head).toMatch(/^traceId,startedAtMs,/);
    expect(rows.length).toBeGreaterThan(100);
  });

  test("a way to look is saved, opened again, and its link copied; the columns that were chosen stay", async ({ expect }) => {
    await page.goto(`${project()}/traces?range=7d&sort=duration`);
    await page.getByRole("row").nth(1).waitFor();
    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByRole("checkbox", { name: "User" }).check();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByLabel("Save what is seen now as").fill("slow ones");
    await page.getByRole("button", { name: "Save the view" }).click();
    await page.goto(`${project()}/traces?range=30d`);
    await page.getByRole("columnheader", { name: "User" }).waitFor();
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByRole("button", { name: "slow ones", exact: true }).click();
    await page.waitForURL(/sort=duration/);
    await page.getByRole("button", { name: "Copy a link to this page" }).click();
    await page.getByText("The link is copied.").waitFor();
    const copied = await page.evaluate("navigator.clipboard.readText()");
    expect(copied).toBe(page.url());
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toMatchObject({ range: "7d", sort: "duration" });
    expect(page.url()).not.toContain("key");
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByRole("button", { name: "Forget the view slow ones" }).click();
    expect(await page.getByRole("button", { name: "slow ones", exact: true }).count()).toBe(0);
    await page.keyboard.press("Escape");
  });

  test("numbers and dates are written as the reader is used to", async ({ expect }) => {
    const german = await browser.newContext({ viewport: desk, locale: "de-DE" });
    const on = await signedIn(german);
    await on.goto(`${project()}?range=30d`);
    await settled(on);
    expect(await on.getByRole("button", { name: /^Requests/ }).innerText()).toMatch(/\d\.\d{3}/);
    expect(await on.getByRole("button", { name: /^Cost/ }).innerText()).toMatch(/\d(,\d+)?\s\$/);
    await german.close();
  });

  test("the graph of a trace leads to the slowest call of each of its parts", async ({ expect }) => {
    const [, , trace = ""] = await detailPages(page);
    await page.goto(`${project()}${trace}?view=graph`);
    const model = page.getByRole("button", { name: /^generation / }).first();
    await model.click();
    expect([await model.getAttribute("aria-pressed"), new URL(page.url()).searchParams.has("span")]).toEqual(["true", true]);
    await page.getByText("Waterfall", { exact: true }).click();
    await page.getByRole("region", { name: "Spans" }).waitFor();
    expect(new URL(page.url()).searchParams.has("view")).toBe(false);
  });

  test("a policy that cannot be is said to be so at its field, and one that can holds after a reload", async ({ expect }) => {
    await page.goto(`${system.local.dashboardUrl}/projects/${system.local.projectId}/policy`);
    await page.getByLabel("Email addresses").check();
    await page.getByRole("button", { name: "Add a pattern" }).click();
    await page.getByLabel("Name of pattern 1").fill("employee");
    await page.getByLabel("Pattern 1", { exact: true }).fill("EMP-(");
    await page.getByLabel("Spans and scores").fill("365");
    await page.getByRole("button", { name: "Save the policy" }).click();
    await page.getByText("has a ( that is not closed").waitFor();
    await page.getByLabel("Pattern 1", { exact: true }).fill("EMP-[0-9]+");
    await page.getByRole("button", { name: "Save the policy" }).click();
    await page.getByText("Saved.").waitFor();
    await page.reload();
    expect(await page.getByLabel("Pattern 1", { exact: true }).inputValue()).toBe("EMP-[0-9]+");
    expect([await page.getByLabel("Email addresses").isChecked(), await page.getByLabel("Spans and scores").inputValue()]).toEqual([
      true,
      "365",
    ]);
  });

  test("the palette goes to a page and to a trace by its id", async ({ expect }) => {
    const trace = /[0-9a-f]{32}/.exec(await firstTrace())?.[0] ?? "";
    await page.keyboard.press("Control+k");
    await page.keyboard.type("sess");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Sessions", exact: true }).waitFor();
    await page.keyboard.press("Control+k");
    await page.keyboard.type(trace);
    await page.keyboard.press("Enter");
    await page.getByRole("region", { name: "Spans" }).waitFor();
    expect(page.url()).toContain(trace);
  });

  test("a session leads to its user and its traces", async () => {
    await page.goto(`${project()}/sessions?range=30d`);
    await page.getByRole("row").nth(1).getByRole("link").click();
    await page.getByRole("heading", { name: /^sess_/ }).waitFor();
    await page
      .getByRole("link", { name: /^user_/ })
      .first()
      .click();
    await page.getByRole("heading", { name: /^user_/ }).waitFor();
    await page.getByRole("row").nth(1).getByRole("link").click();
    await page.getByRole("region", { name: "Spans" }).waitFor();
  });

  test("a key is made, shown once, and refused after it was revoked", async ({ expect }) => {
    await page.goto(`${project()}/keys`);
    await page.getByRole("button", { name: "Make a key" }).click();
    await page.getByRole("button", { name: "Make the key" }).click();
    await page.getByRole("alert").first().waitFor();
    await page.getByLabel("Name").fill("browser test");
    await page.getByRole("button", { name: "Make the key" }).click();
    const text = await page.getByText(/^ef_[0-9a-f]{16}_/).innerText();
    const ask = async () =>
      await new OpenAI({ baseURL: `${system.local.url}/v1`, apiKey: text, maxRetries: 0 }).chat.completions.create({
        model: "openai/gpt-4o-mini",
        messages: [{ role: "user", content: "Is this key good?" }],
      });
    expect((await ask()).choices).toHaveLength(1);
    await page.getByRole("button", { name: "I have it" }).click();
    expect(await page.getByText(text).count()).toBe(0);
    await page.getByRole("button", { name: /browser test/ }).click();
    await page.getByRole("button", { name: "Revoke" }).click();
    await page.getByRole("button", { name: "Revoke" }).click();
    await page.getByRole("row").filter({ hasText: "browser test" }).getByText("revoked").waitFor();
    await until(
      "the key to be refused",
      10_000,
      async () =>
        await ask().then(
          () => null,
          (error: unknown) => error,
        ),
    );
  });

  test("a key that is rotated gets another text, and the one before is refused", async ({ expect }) => {
    await page.goto(`${project()}/keys`);
    await page.getByRole("button", { name: "Make a key" }).click();
    await page.getByLabel("Name").fill("to be rotated");
    await page.getByRole("button", { name: "Make the key" }).click();
    const textShown = async () => await page.getByText(/^ef_[0-9a-f]{16}_/).innerText();
    const before = await textShown();
    await page.getByRole("button", { name: "I have it" }).click();
    await page.getByRole("button", { name: /to be rotated/ }).click();
    await page.getByRole("button", { name: "Rotate", exact: true }).click();
    await page.getByText("stops working within 5 seconds").waitFor();
    await page.getByRole("button", { name: "Rotate", exact: true }).click();
    await until("another text", 10_000, async () => ((await textShown()) === before ? null : true));
    const after = await textShown();
    await page.getByRole("button", { name: "I have it" }).click();
    const statusWith = async (apiKey: string) => {
      const headers = { authorization: `Bearer ${apiKey}` };
      return (await fetch(`${system.local.url}/v1/models`, { headers })).status;
    };
    expect(await statusWith(after)).toBe(200);
    await until("the text before to be refused", 10_000, async () => ((await statusWith(before)) === 401 ? true : null));
  });

  test("the budgets stand as a tree with money in it, and one has refused a call", async ({ expect }) => {
    await page.goto(`${project()}/budgets`);
    await page.getByRole("row").filter({ hasText: "Research agents" }).getByText("call refused in us-west").waitFor();
    await settled(page);
    const tree = ["Everything", "Applications", "Research agents", "Each user"];
    const cards = tree.map((name) => page.getByRole("region", { name, exact: true }));
    const lefts = await Promise.all(cards.map(async (card) => (await card.boundingBox())?.x ?? 0));
    expect(lefts).toEqual([...new Set(lefts)].toSorted((left, right) => left - right));
    const texts = await Promise.all(cards.map(async (card) => await card.innerText()));
    expect(texts.map((text) => /\$(\d+\.\d+) of \$\d+\.\d\d spent/.exec(text)?.[1] ?? "0").every((spent) => Number(spent) > 0)).toBe(true);
    expect(texts[2]).toMatch(/\$0\.9\d* of \$1\.00 spent/);
  });

  test("the rate limits and the prices of the organization are listed", async ({ expect }) => {
    await page.goto(`${project()}/rate-limits`);
    await page.getByRole("row").filter({ hasText: "Agents at once" }).getByText("8 calls at once").waitFor();
    expect(await page.getByRole("row").count()).toBe(6);
    await page.goto(`${project()}/providers`);
    await page.getByRole("row").filter({ hasText: "openai/gpt-4o-mini" }).getByText("$0.12 / $0.48").waitFor();
  });

  test("a budget is set, and shows what its calls have spent of it", async ({ expect }) => {
    await page.goto(`${system.local.dashboardUrl}/projects/${system.local.projectId}/budgets`);
    await page.getByRole("button", { name: "Set a budget" }).click();
    await page.getByLabel("Name").fill("browser test");
    await page.getByLabel("Dollars").fill("5");
    await page.getByRole("button", { name: "Set it" }).click();
    const card = page.getByRole("region", { name: "browser test" });
    await card.waitFor();
    const ask = async () =>
      await new OpenAI({ baseURL: `${system.local.url}/v1`, apiKey: system.local.apiKey, maxRetries: 0 }).chat.completions.create({
        model: "openai/gpt-4o",
        messages: [{ role: "user", content: "What does this cost?" }],
      });
    // The gateway knows of a budget within five seconds.
    await until("a call to be counted", 30_000, async () => {
      await ask();
      return (await card.getByRole("listitem").count()) > 0 ? true : null;
    });
    expect(await card.innerText()).toMatch(/\$0\.\d+ of \$5\.00 spent/);
  });

  test("an empty project waits for its first call, and opens it when it comes", async ({ expect }) => {
    await page.goto(`${system.local.dashboardUrl}/projects/${system.local.projectId}/start`);
    await page.getByRole("button", { name: "Make a key" }).click();
    const key = await page
      .getByText(/^ef_[0-9a-f]{16}_/)
      .first()
      .innerText();
    expect(await page.getByLabel("curl example", { exact: true }).innerText()).toContain(`Bearer ${key}`);
    await new OpenAI({ baseURL: `${system.local.url}/v1`, apiKey: key, maxRetries: 0 }).chat.completions.create({
      model: "openai/gpt-4o-mini",
      messages: [{ role: "user", content: "Say hello to the dashboard." }],
    });
    await page.getByRole("link", { name: "Open the trace" }).click({ timeout: 20_000 });
    await page.getByRole("article").filter({ hasText: "Say hello to the dashboard." }).first().waitFor();
  });

  test("half an answer is said to be one, and trying again mends it", async () => {
    const broken = await context.newPage();
    await broken.route(
      "**/metrics?**",
      async (route) => await route.fulfill({ status: 200, contentType: "application/json", body: '{"fromMs":1' }),
    );
    await broken.goto(`${project()}?range=30d${session(system.local.demoProjectId)}`);
    await broken.getByRole("alert").filter({ hasText: "cannot be read" }).waitFor({ timeout: 20_000 });
    await broken.unroute("**/metrics?**");
    await broken.getByRole("button", { name: "Try again" }).first().click();
    await broken.getByRole("button", { name: /^Requests/ }).waitFor();
    await broken.close();
  });

  test("nothing went wrong in the browser meanwhile", ({ expect }) => {
    expect(complaints).toEqual([]);
  });
});
