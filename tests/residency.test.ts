import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, test } from "vitest";
import * as z from "zod";
import { createKey } from "#core/contracts/api/keys.ts";
import { projectIdSchema, type ProjectId } from "#core/contracts/id.ts";
import { regionSchema, type Region } from "#core/contracts/region.ts";
import { askClickhouse } from "./harness/clickhouse.ts";
import { control } from "./harness/control-api.ts";
import { databaseOf, databaseText, ownersOf, redisText } from "./harness/stored-bytes.ts";
import { completion, json, startProvider, type Provider } from "./harness/provider.ts";
import { startSystem, type RunningSystem } from "./harness/running-system.ts";
import { until } from "./harness/until.ts";

let provider: Provider;
let system: RunningSystem;

beforeAll(async () => {
  provider = await startProvider();
  system = await startSystem({ OPENAI_BASE_URL: provider.baseUrl, OPENAI_API_KEY: "sk-provider" });
});
afterAll(async () => {
  await system?.remove();
  await provider?.close();
});

const home: Region = "eu-west";
const others = regionSchema.options.filter((region) => region !== home);
const newMarker = () => `marker-${randomUUID()}`;

/** A project that lives in a region, beside the first one. */
async function makeProject(homeRegion: Region): Promise<ProjectId> {
  const client = new pg.Client({ connectionString: system.local.postgresUrl });
  await client.connect();
  try {
    const projectId = projectIdSchema.parse(randomUUID());
    await client.query(
      "INSERT INTO projects (id, organization_id, name, home_region) SELECT $1, organization_id, 'Elsewhere', $2 FROM projects LIMIT 1",
      [projectId, homeRegion],
    );
    return projectId;
  } finally {
    await client.end();
  }
}

async function post(url: string, apiKey: string, body: object): Promise<void> {
  const response = await fetch(url, { method: "POST", headers: { authorization: `Bearer ${apiKey}` }, body: JSON.stringify(body) });
  await response.text();
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
}

test("of a project of eu-west, called from every edge, no byte of a payload is stored in another region", async ({ expect }) => {
  const answer = newMarker();
  provider.behave(
    json(200, { ...completion, choices: [{ index: 0, message: { role: "assistant", content: answer }, finish_reason: "stop" }] }),
  );
  const projectId = await makeProject(home);
  const { key } = await control(system, createKey, { params: { projectId }, body: { name: "eu" } });
  const small: string[] = [answer];
  const large: string[] = [];
  for (const url of Object.values(system.local.regions)) {
    const [asked, long, event] = [newMarker(), newMarker(), newMarker()];
    small.push(asked, event);
    large.push(long);
    const ask = async (content: string) =>
      await post(`${url}/v1/chat/completions`, key, { model: "gpt-4o", messages: [{ role: "user", content }] });
    await ask(asked);
    // Larger than what goes through a buffer: the edge itself writes it to a bucket.
    await ask(long + "x".repeat(600_000));
    await post(`${url}/v1/events`, key, { events: [{ name: "step", startedAtMs: Date.now(), input: event }] });
  }
  // What is not found must be there to be found: a call of the first project, which lives in us-east.
  const foreign = newMarker();
  provider.behave(json(200, completion));
  await post(`${system.local.url}/v1/chat/completions`, system.local.apiKey, {
    model: "gpt-4o",
    messages: [{ role: "user", content: foreign }],
  });

  await until("every span to be stored at home", 60_000, async () => {
    const text = await databaseText(system, home);
    return small.every((marker) => text.includes(marker)) && large.every((marker) => text.includes(`${marker}xxx`)) ? true : null;
  });
  await until("the foreign span to be stored", 60_000, async () =>
    (await databaseText(system, "us-east")).includes(foreign) ? true : null,
  );
  const stored = await askClickhouse(system, {
    query: `SELECT serving_region, toInt32(count()) AS spans FROM spans FINAL WHERE project_id = '${projectId}' GROUP BY serving_region ORDER BY serving_region`,
    row: z.object({ serving_region: z.string(), spans: z.int() }),
    database: databaseOf(home),
  });
  expect(stored).toEqual(regionSchema.options.toSorted().map((region) => ({ serving_region: region, spans: 3 })));

  const markers = [...small, ...large];
  const texts = [...(await Promise.all(others.map(async (region) => await databaseText(system, region)))), await redisText(system)];
  expect(markers.filter((marker) => texts.some((text) => text.includes(marker)))).toEqual([]);
  await system.end("SIGINT");
  expect(await ownersOf(system.dataDirectory, [...markers, foreign])).toEqual({
    ...Object.fromEntries(markers.map((marker) => [marker, [home]])),
    [foreign]: ["us-east"],
  });
});
