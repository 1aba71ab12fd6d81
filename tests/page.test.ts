import OpenAI from "openai";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, test } from "vitest";
import { chromiumPath, skippedWhy, startBrowser } from "./harness/browser.ts";
import { begin, completion, json, startProvider, streamEvents, wholeStream, type Provider } from "./harness/provider.ts";
import { startSystem, type RunningSystem } from "./harness/running-system.ts";
import { until } from "./harness/until.ts";

/** The promise is two seconds; a busy test machine gets more. */
const shownWithinMs = 10_000;

let provider: Provider;
let system: RunningSystem;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

describe.skipIf(chromiumPath === null)(`the page, in a real browser${skippedWhy}`, () => {
  beforeAll(async () => {
    provider = await startProvider();
    system = await startSystem({ OPENAI_BASE_URL: provider.baseUrl, OPENAI_API_KEY: "sk-provider" });
    browser = await startBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("request", (request) => {
      if (!request.url().startsWith(system.local.dashboardUrl) && !request.url().startsWith("data:"))
        complaints.push(`asked ${request.url()}`);
    });
  });
  afterAll(async () => {
    await browser?.close();
    await system?.remove();
    await provider?.close();
  });

  const dashboardAddress = () => /Dashboard\s+(\S+)/.exec(system.output())?.[1] ?? "";
  const rowOf = (text: string) => page.getByRole("row").filter({ hasText: text });
  const openai = () => new OpenAI({ baseURL: `${system.local.url}/v1`, apiKey: system.local.apiKey, maxRetries: 0 });

  test("the printed address opens it signed in, without traces, and the key leaves the address", async ({ expect }) => {
    await page.goto(dashboardAddress());
    await page.getByRole("heading", { name: "Overview", exact: true }).waitFor();
    expect(page.url()).toBe(`${system.local.dashboardUrl}/projects/${system.local.projectId}`);
    await page.getByRole("link", { name: "Traces" }).first().click();
    await page.getByText("No traces in the last").waitFor();
  });

  test("a plain call shows up by itself, with model, tokens and cost", async ({ expect }) => {
    provider.behave(json(200, completion));
    await openai().chat.completions.create({ model: "gpt-4o", messages: [{ role: "user", content: "What is a <b>bold</b> claim?" }] });
    await rowOf("bold").waitFor({ timeout: shownWithinMs });
    const cells = await rowOf("bold").getByRole("cell").allInnerTexts();
    expect(cells.map((cell) => cell.replaceAll(/\s+/g, " ").trim())).toEqual([
      "ok",
      expect.stringMatching(/^(now|\d+ s ago) us-east$/),
      expect.stringMatching(/^gpt-4o openai/),
      expect.stringMatching(/What is a <b>bold<\/b> claim\?.*Hello there\./),
      "100 / 50",
      "$0 .0007",
      expect.stringMatching(/ms$|s$/),
      expect.stringMatching(/ms$|s$/),
    ]);
    // A model of which only the date is another is told to who asks.
    expect(await rowOf("bold").getByTitle("gpt-4o-2024-08-06").innerText()).toBe("gpt-4o");
  });

  test("a streamed call shows up by itself, marked as a stream, above the earlier one", async ({ expect }) => {
    provider.behave(wholeStream);
    const stream = await openai().chat.completions.create({
      model: "gpt-4o",
      messages: [{ role: "user", content: "And a streamed one?" }],
      stream: true,
    });
    let answer = "";
    for await (const chunk of stream) answer += chunk.choices[0]?.delta.content ?? "";
    expect(answer).toBe("Hello there.");
    await rowOf("streamed one").waitFor({ timeout: shownWithinMs });
    const rows = await page.getByRole("row").allInnerTexts();
    expect(rows[1]).toContain("stream");
    expect(rows[2]).toContain("bold");
  });

  test("a trace opens with its messages, tokens, cost and time, and its address can be shared", async ({ expect }) => {
    await rowOf("streamed one").getByRole("link").click();
    await page.getByText("Conversation").waitFor();
    expect(page.url()).toMatch(/\/traces\/[0-9a-f]{32}$/);
    const conversation = page.getByRole("tabpanel");
    expect(await conversation.getByRole("article").allInnerTexts()).toEqual([
      expect.stringMatching(/user[^]*And a streamed one\?/i),
      expect.stringMatching(/assistant[^]*stop[^]*Hello there\./i),
    ]);
    const text = (await page.getByRole("main").innerText()).replaceAll(/\s+/g, " ");
    for (const shown of ["100 in · 50 out", "$0.0007", "gpt-4o-2024-08-06", "us-east"]) expect(text).toContain(shown);
    await page.reload();
    await page.getByRole("article").filter({ hasText: "And a streamed one?" }).waitFor();
  });

  test("text from a call is never read as the page's own", async ({ expect }) => {
    await page.getByRole("link", { name: "Traces" }).first().click();
    await rowOf("bold").getByRole("link").click();
    await page.getByRole("article").filter({ hasText: "What is a <b>bold</b> claim?" }).waitFor();
    expect(await page.getByRole("article").locator("b").count()).toBe(0);
  });

  test("a call of the simulator is marked as such, and an unknown price is said to be unknown", async ({ expect }) => {
    await page.getByRole("link", { name: "Traces" }).first().click();
    await openai().chat.completions.create({ model: "mistral/no-such-model", messages: [{ role: "user", content: "Who are you?" }] });
    await rowOf("Who are you?").waitFor({ timeout: shownWithinMs });
    const text = await rowOf("Who are you?").first().innerText();
    expect(text).toContain("simulated");
    expect(text).toContain("unknown");
  });

  const playground = () => `${system.local.dashboardUrl}/projects/${system.local.projectId}/playground`;
  const send = async () => await page.getByRole("button", { name: /^Send/ }).click();
  const answerOf = (model: string) => page.getByRole("region", { name: `Answer of ${model}` });

  test("the playground asks two models at once, with tokens, cost and the trace of each, and a reload loses nothing typed", async ({
    expect,
  }) => {
    provider.behave(wholeStream);
    await page.goto(playground());
    await page.getByLabel("Turn 1: System").fill("Be brief.");
    await page.getByLabel("Turn 2: User").fill("Who is faster?");
    await page.getByLabel("Temperature").fill("0.5");
    await page.getByLabel("Model", { exact: true }).fill("openai/gpt-4o");
    await page.getByRole("button", { name: "Compare with another" }).click();
    await page.getByLabel("Model 2").fill("mistral/no-such-model");
    await page.reload();
    expect(await page.getByLabel("Turn 2: User").inputValue()).toBe("Who is faster?");
    const asked = provider.requests.length;
    await send();
    await answerOf("openai/gpt-4o").getByRole("link", { name: "Open the trace" }).waitFor();
    const text = (await answerOf("openai/gpt-4o").innerText()).replaceAll(/\s+/g, " ");
    for (const shown of ["Hello there.", "100 in · 50 out", "$0.0007", "done", "stop"]) expect(text).toContain(shown);
    await answerOf("mistral/no-such-model").getByText("unknown").waitFor();
    expect(JSON.parse(provider.requests[asked]?.body ?? "")).toMatchObject({
      model: "gpt-4o",
      temperature: 0.5,
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Who is faster?" },
      ],
    });
    const before = complaints.length;
    await answerOf("openai/gpt-4o").getByRole("link", { name: "Open the trace" }).click();
    await page.getByRole("article").filter({ hasText: "Who is faster?" }).waitFor();
    // A trace is looked for before it is there.
    complaints.push(...complaints.splice(before).filter((complaint) => !/status of 404/.test(complaint)));
    expect(await page.getByRole("main").innerText()).toContain("Playground");
  });

  test("a call of a trace opens in the playground, and what was written there before comes back", async ({ expect }) => {
    await page.getByRole("link", { name: "Traces" }).first().click();
    await rowOf("streamed one").getByRole("link").click();
    await page.getByRole("link", { name: "Open in playground" }).click();
    await until("the turns of the call", 10_000, async () =>
      (await page
        .getByLabel("Turn 1: User")
        .inputValue()
        .catch(() => "")) === "And a streamed one?"
        ? true
        : null,
    );
    expect([page.url(), await page.getByLabel("Model", { exact: true }).inputValue()]).toEqual([playground(), "gpt-4o"]);
    await page.getByRole("button", { name: "Bring back what was here before" }).click();
    expect(await page.getByLabel("Turn 2: User").inputValue()).toBe("Who is faster?");
  });

  test("an answer that is stopped keeps what has come, and the provider is let go", async ({ expect }) => {
    provider.behave((response) => begin(response, streamEvents.slice(0, 2)));
    const before = provider.abandoned();
    await page.getByRole("button", { name: "Only the first" }).click();
    await send();
    await answerOf("openai/gpt-4o").getByText("Hello").waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await answerOf("openai/gpt-4o").getByText("You stopped it here.").waitFor();
    expect(await answerOf("openai/gpt-4o").innerText()).toContain("Hello");
    await until("the provider to be let go", 30_000, () => (provider.abandoned() > before ? true : null));
  });

  test("what the gateway refuses is shown in its own words, and what cannot be sent is said at its field", async ({ expect }) => {
    const before = complaints.length;
    await page.getByLabel("Model", { exact: true }).fill("nobody/knows");
    await send();
    const answer = answerOf("nobody/knows");
    await answer.getByRole("alert").waitFor();
    expect(await answer.getByRole("alert").innerText()).toMatch(/unknown_provider[^]*The provider `nobody` is not known[^]*404/);
    // The browser itself says so too.
    expect(complaints.splice(before)).toEqual([expect.stringMatching(/status of 404/)]);
    await page.getByLabel("Temperature").fill("warm");
    await send();
    await page.getByText("Temperature must be a number.").waitFor();
    await page.getByLabel("Temperature").fill("");
    await page.getByRole("link", { name: "Traces" }).first().click();
  });

  test("while the system is away it says so, and it goes on by itself when the system is back", async ({ expect }) => {
    const before = complaints.length;
    const unsaid = await stopAndStart();
    // Until the stores are there, the app answers 503, and the page asks again.
    const meanwhile = complaints.splice(before).filter((complaint) => !/status of 503/.test(complaint));
    complaints.push(...meanwhile, ...unsaid);
    expect(await page.getByText("live", { exact: true }).isVisible()).toBe(true);
  });

  test("nothing went wrong in the browser meanwhile, and no other server was asked", ({ expect }) => {
    expect(complaints.filter((complaint) => !/net::ERR_|Failed to fetch/.test(complaint))).toEqual([]);
  });

  /** Ends the system under the open page and starts it again; gives what the page failed to say. */
  async function stopAndStart(): Promise<string[]> {
    await system.end("SIGINT");
    const saidSo = await page
      .getByText("offline", { exact: true })
      .waitFor({ timeout: shownWithinMs })
      .then(
        () => [],
        () => ["the page did not say that it is offline"],
      );
    system = await system.restart();
    await until("the page to be live again", 60_000, async () =>
      (await page.getByText("live", { exact: true }).isVisible()) ? true : null,
    );
    return saidSo;
  }
});
