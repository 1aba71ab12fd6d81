/**
 * `npm run screenshots [-- folder]`: every page of the dashboard of the system that runs in `EVALFORGE_DATA_DIR` (`.evalforge`),
 * on a phone, a desk and a wall, in both themes, to be looked at one by one. The system must have been started with `--demo`.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { startBrowser } from "../tests/harness/browser.ts";

const localSchema = z.object({ dashboardUrl: z.string(), url: z.string(), adminKey: z.string(), demoProjectId: z.string() });
const traceSchema = z.object({ traces: z.array(z.object({ traceId: z.string() })) });

const widthsPx = [390, 1440, 2560] as const;
const themes = ["light", "dark"] as const;
const pages = {
  overview: "?range=7d&by=modelRequested",
  traces: "/traces?range=7d",
  sessions: "/sessions?range=7d",
  users: "/users?range=7d",
  models: "/models?range=7d",
  start: "/start",
  playground: "/playground",
  keys: "/keys?range=7d",
  budgets: "/budgets",
  "rate-limits": "/rate-limits",
  providers: "/providers",
  projects: "/projects",
  policy: "/policy",
  ingestion: "/ingestion",
  "dead-letters": "/dead-letters",
  design: "/design",
} as const;

async function main(folder: string): Promise<void> {
  const file = join(process.env["EVALFORGE_DATA_DIR"] ?? ".evalforge", "local.json");
  const local = localSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  const session = `#key=${local.adminKey}&project=${local.demoProjectId}&gateway=${encodeURIComponent(local.url)}`;
  const project = `${local.dashboardUrl}/projects/${local.demoProjectId}`;
  const traceId = await largeTrace(local);
  const addresses = { ...pages, trace: `/traces/${traceId}`, graph: `/traces/${traceId}?view=graph` };
  mkdirSync(folder, { recursive: true });
  const browser = await startBrowser();
  for (const colorScheme of themes) {
    for (const width of widthsPx) {
      const context = await browser.newContext({ viewport: { width, height: width < 500 ? 844 : Math.round(width * 0.625) }, colorScheme });
      const page = await context.newPage();
      for (const [name, address] of Object.entries(addresses)) {
        await page.goto(`${project}${address}${session}`);
        await page.waitForLoadState("networkidle");
        await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`) });
      }
      await context.close();
    }
  }
  await browser.close();
  console.log(`${Object.keys(addresses).length * widthsPx.length * themes.length} screenshots in ${folder}`);
}

/** The id of a trace that has many spans. */
async function largeTrace({ dashboardUrl, adminKey, demoProjectId }: z.infer<typeof localSchema>): Promise<string> {
  const filter = encodeURIComponent(JSON.stringify([{ field: "trace.spanCount", operator: "gt", value: 12 }]));
  const fromMs = Date.now() - 30 * 86_400_000;
  const response = await fetch(`${dashboardUrl}/api/projects/${demoProjectId}/traces?limit=1&fromMs=${fromMs}&filter=${filter}`, {
    headers: { authorization: `Bearer ${adminKey}` },
  });
  const { traces } = traceSchema.parse(await response.json());
  const [trace] = traces;
  if (trace === undefined) throw new Error("no trace of the demo has many spans");
  return trace.traceId;
}

await main(process.argv[2] ?? ".cache/screenshots");
