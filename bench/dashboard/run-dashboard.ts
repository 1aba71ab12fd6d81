import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { organizationIdSchema, projectIdSchema } from "../../core/contracts/id.ts";
import { startBrowser } from "../../tests/harness/browser.ts";
import { describeMachine, type Machine } from "../gateway/machine.ts";
import { spread, type Spread } from "../gateway/percentile.ts";
import { Database } from "../queries/database.ts";
import { countOf } from "../queries/count-of.ts";
import { fill } from "../queries/fill.ts";
import { settle } from "../queries/settle.ts";
import { startSystem, type LocalSystem } from "../system.ts";
import { observer, timeInteraction, watchFrames, type Frames } from "./interactions.ts";
import { sendLargeCall, sendLargeTrace, startLongProvider } from "./large-trace.ts";

const dayMs = 86_400_000;
const rounds = 5;
/** `EVALFORGE_BENCH_SPANS` sets another number, for a look in passing. */
const spansUsual = 1_000_000;
const rowsToScroll = 100_000;
const scrollWithinMs = 10 * 60_000;
const scrollLoadedMs = 15_000;
/** A frame. */
export const scrolledPx = { wheel: 150, screens: 1_500 } as const;
export const largeSpans = 10_000;
export const largePayload = { inputBytes: 30_000_000, outputBytes: 20_000_000 } as const;
const largeTraceId = "d".repeat(32);

export interface DashboardReport {
  readonly machine: Machine;
  readonly loadAverageBefore: number;
  readonly spans: number;
  readonly scriptGzipBytes: number;
  /** From the start of the navigation, nothing in the browser's cache. */
  readonly firstContentfulPaintMs: Spread;
  readonly figuresShownMs: Spread;
  readonly interactions: readonly { readonly title: string; readonly worstMs: number }[];
  readonly scroll: Frames & { readonly rows: number; readonly seconds: number };
  /** Up again through the rows that have come: a wheel that is spun, and from screen to screen. */
  readonly scrollLoaded: { readonly wheel: Frames; readonly screens: Frames };
  readonly largeTrace: { readonly firstRowsMs: number; readonly wholeMs: number; readonly scroll: Frames };
  readonly largePayload: { readonly openedMs: number; readonly shownMs: number; readonly scroll: Frames };
}

/** Fills a running system, and uses its dashboard in a real browser. */
export async function runDashboard(say: (text: string) => void): Promise<DashboardReport> {
  const directory = mkdtempSync(join(tmpdir(), "evalforge-bench-"));
  process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
  const loadAverageBefore = loadavg()[0] ?? 0;
  const provider = await startLongProvider(largePayload.outputBytes);
  const system = await startSystem(directory, { OPENAI_BASE_URL: provider.baseUrl, OPENAI_API_KEY: "sk-bench" });
  let browser: Browser | null = null;
  try {
    const spans = await fillSystem(system, say);
    browser = await startBrowser();
    const bench = new DashboardBench(system, browser, say);
    return { machine: describeMachine(), loadAverageBefore, spans, ...(await bench.run()) };
  } finally {
    await browser?.close();
    provider.close();
    await system.stop();
  }
}

async function fillSystem(system: LocalSystem, say: (text: string) => void): Promise<number> {
  const wanted = Number(process.env["EVALFORGE_BENCH_SPANS"] ?? spansUsual);
  const database = new Database(system.clickhouseUrl, "evalforge_us_east");
  const toMs = Date.now();
  const project = {
    organizationId: organizationIdSchema.parse("0193c5a0-0000-7000-8000-000000000001"),
    projectId: projectIdSchema.parse(system.projectId),
    homeRegion: "us-east",
  } as const;
  say(`filling ${wanted} spans`);
  await fill(database, { seed: "dashboard", project, fromMs: toMs - 30 * dayMs, toMs }, wanted);
  await settle(database, say);
  return await countOf(database, "SELECT count() AS count FROM spans");
}

class DashboardBench {
  readonly #system: LocalSystem;
  readonly #browser: Browser;
  readonly #say: (text: string) => void;

  constructor(system: LocalSystem, browser: Browser, say: (text: string) => void) {
    this.#system = system;
    this.#browser = browser;
    this.#say = say;
  }

  async run() {
    const paints: { first: number; shown: number }[] = [];
    let scriptGzipBytes = 0;
    for (let round = 0; round < rounds; round += 1) {
      const { scriptBytes, ...paint } = await this.#firstPaint();
      paints.push(paint);
      scriptGzipBytes = scriptBytes;
    }
    this.#tell("first paint", paints);
    const interactions = await this.#interactions();
    this.#tell("interactions", interactions);
    const { scroll, scrollLoaded } = await this.#scrollList();
    this.#tell("list", { scroll, scrollLoaded });
    const largeTrace = await this.#largeTrace();
    this.#tell("large trace", largeTrace);
    const opened = await this.#largePayload();
    this.#tell("large payload", opened);
    return {
      scriptGzipBytes,
      firstContentfulPaintMs: spread(paints.map(({ first }) => first)),
      figuresShownMs: spread(paints.map(({ shown }) => shown)),
      interactions,
      scroll,
      scrollLoaded,
      largeTrace,
      largePayload: opened,
    };
  }

  #tell(what: string, figures: unknown): void {
    this.#say(`${what}: ${JSON.stringify(figures)}`);
  }

  #address(path: string): string {
    const { apiUrl, adminKey, projectId, url } = this.#system;
    return `${apiUrl}/projects/${projectId}${path}#key=${adminKey}&project=${projectId}&gateway=${encodeURIComponent(url)}`;
  }

  async #open(path: string): Promise<Page> {
    const context = await this.#browser.newContext({ viewport: { width: 1440, height: 900 } });
    await context.addInitScript(observer);
    const page = await context.newPage();
    await page.goto(this.#address(path));
    return page;
  }

  async #firstPaint() {
    const context = await this.#browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    const scripts: Promise<Buffer>[] = [];
    page.on("response", (response) => {
      if (response.url().endsWith(".js")) scripts.push(response.body());
    });
    await page.goto(this.#address("?range=30d"));
    await page.getByRole("button", { name: /^Requests/ }).waitFor({ timeout: 120_000 });
    const shown = Number(await page.evaluate("performance.now()"));
    const first = Number(await page.evaluate('performance.getEntriesByName("first-contentful-paint")[0].startTime'));
    await page.waitForLoadState("networkidle");
    const scriptBytes = (await Promise.all(scripts)).reduce((sum, body) => sum + gzipSync(body).length, 0);
    await context.close();
    return { first, shown, scriptBytes };
  }

  /** The worst of some rounds of what people do all day. */
  async #interactions(): Promise<{ title: string; worstMs: number }[]> {
    const overview = await this.#open("?range=30d");
    await overview.getByRole("button", { name: /^Requests/ }).waitFor({ timeout: 120_000 });
    await overview.waitForLoadState("networkidle");
    const traces = await this.#open("/traces?range=30d");
    await traces.getByRole("row").nth(10).waitFor({ timeout: 120_000 });
    const chooseRange = async (name: string) => {
      await overview.getByRole("button", { name: /^Time range/ }).click();
      await overview.getByRole("button", { name }).click();
      await overview.waitForLoadState("networkidle");
    };
    const acts = [
      [
        "the range of the overview is changed",
        overview,
        async (round: number) => await chooseRange(round % 2 === 0 ? "Last 7 days" : "Last 30 days"),
      ],
      [
        "another figure is chosen on the overview",
        overview,
        async (round: number) => await overview.getByRole("button", { name: round % 2 === 0 ? /^Cost/ : /^Requests/ }).click(),
      ],
      ["a filter is typed, key by key", traces, async () => await typeFilter(traces)],
      ["a value is ticked beside the list", traces, async () => await tickValue(traces)],
      ["a trace is opened from its row, and left again", traces, async (round: number) => await openRow(traces, round)],
      ["the next row is chosen by key", traces, async () => await traces.keyboard.press("j")],
    ] as const;
    const worst: { title: string; worstMs: number }[] = [];
    for (const [title, page, act] of acts) {
      let worstMs = 0;
      for (let round = 0; round < rounds; round += 1)
        worstMs = Math.max(worstMs, await timeInteraction(page, async () => await act(round)));
      worst.push({ title, worstMs });
    }
    await overview.context().close();
    await traces.context().close();
    return worst;
  }

  /** Scrolls down the list, more than a screen of rows a frame, until so many have come or all are there; then up again. */
  async #scrollList() {
    const page = await this.#open("/traces?range=30d");
    await page.getByRole("row").nth(10).waitFor({ timeout: 120_000 });
    const rowsOf = async () => Number(await page.getByRole("table", { name: "Traces" }).getAttribute("aria-rowcount"));
    const startedAtMs = performance.now();
    const frames = await scrolling(page, scrolledPx.screens, async () => {
      while (performance.now() - startedAtMs < scrollWithinMs && (await rowsOf()) < rowsToScroll) {
        if (await page.getByText(/^That is all/).isVisible()) break;
        await page.waitForTimeout(500);
      }
    });
    const seconds = Math.round((performance.now() - startedAtMs) / 1000);
    const up = async (px: number) => await scrolling(page, -px, async () => await page.waitForTimeout(scrollLoadedMs));
    const scrollLoaded = { wheel: await up(scrolledPx.wheel), screens: await up(scrolledPx.screens) };
    const rows = await rowsOf();
    await page.context().close();
    return { scroll: { ...frames, rows, seconds }, scrollLoaded };
  }

  async #largeTrace() {
    await sendLargeTrace(this.#system, largeTraceId, largeSpans);
    const startedAtMs = performance.now();
    const page = await this.#open(`/traces/${largeTraceId}`);
    const spans = page.getByRole("region", { name: "Spans" });
    await spans.getByRole("button").first().waitFor({ timeout: 60_000 });
    const firstRowsMs = performance.now() - startedAtMs;
    await page.getByRole("group", { name: `${largeSpans} spans` }).waitFor({ timeout: 60_000 });
    const wholeMs = performance.now() - startedAtMs;
    const scroll = await watchFrames(page, async () => {
      await page.getByRole("group", { name: `${largeSpans} spans` }).hover();
      for (let turn = 0; turn < 60; turn += 1) await page.mouse.wheel(0, 4_000);
      await page.getByText("Graph", { exact: true }).click();
      await page.getByRole("region", { name: "Agent graph" }).waitFor();
    });
    await page.context().close();
    return { firstRowsMs, wholeMs, scroll };
  }

  async #largePayload() {
    const traceId = await sendLargeCall(this.#system, largePayload.inputBytes);
    const startedAtMs = performance.now();
    const page = await this.#open(`/traces/${traceId}`);
    const loads = page.getByRole("button", { name: /^Load the whole/ });
    await loads.nth(1).waitFor({ timeout: 60_000 });
    const openedMs = performance.now() - startedAtMs;
    const askedAtMs = performance.now();
    const scroll = await watchFrames(page, async () => {
      // Each takes its button away when it has come.
      for (const left of [1, 0]) {
        await loads.first().click();
        await page.getByRole("button", { name: /^Load/ }).nth(left).waitFor({ state: "detached", timeout: 120_000 });
      }
      await page.getByRole("article").nth(1).waitFor({ timeout: 120_000 });
      await page.getByRole("tab", { name: "Request" }).click();
      await page.getByRole("button", { name: /more$/ }).click();
    });
    const shownMs = performance.now() - askedAtMs;
    await page.context().close();
    return { openedMs, shownMs, scroll };
  }
}

/** Frames of a page that is scrolled by so many pixels each, until `act` is over. */
async function scrolling(page: Page, px: number, act: () => Promise<void>): Promise<Frames> {
  return await watchFrames(page, async () => {
    await page.evaluate(`(() => {
      const step = () => { window.scrollBy(0, ${px}); window.benchScroll = requestAnimationFrame(step); };
      step();
    })()`);
    await act();
    await page.evaluate("cancelAnimationFrame(window.benchScroll)");
  });
}

async function typeFilter(page: Page): Promise<void> {
  const search = page.getByRole("searchbox").first();
  await search.click();
  await page.keyboard.type("refund", { delay: 60 });
  await page.keyboard.press("Enter");
  await page.waitForLoadState("networkidle");
  await search.fill("");
  await page.keyboard.press("Enter");
  await page.waitForLoadState("networkidle");
}

async function tickValue(page: Page): Promise<void> {
  const value = page.getByRole("checkbox", { name: /^error/ });
  await value.click();
  await page.waitForLoadState("networkidle");
  await value.click();
  await page.waitForLoadState("networkidle");
}

async function openRow(page: Page, round: number): Promise<void> {
  await page
    .getByRole("row")
    .nth(2 + round)
    .getByRole("link")
    .click();
  await page.getByRole("region", { name: "Spans" }).waitFor();
  await page.goBack();
  await page.getByRole("row").nth(2).waitFor();
}
