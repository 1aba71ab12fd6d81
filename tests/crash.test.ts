import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, test } from "vitest";
import * as z from "zod";
import { createKey } from "#core/contracts/api/keys.ts";
import { askClickhouse } from "./harness/clickhouse.ts";
import { control } from "./harness/control-api.ts";
import { killPart, pidOf, type Part } from "./harness/processes.ts";
import { completion, json, startProvider, wholeStream, type Provider } from "./harness/provider.ts";
import { startSystem, type RunningSystem } from "./harness/running-system.ts";
import { until } from "./harness/until.ts";

const calls = 10_000;
const atOnce = 64;
const eventsInABatch = 20;
const storedWithinMs = 60_000;
/** One for all: an event that is sent again must be the same event. */
const eventsStartedAtMs = Date.now();

let provider: Provider;
let system: RunningSystem;

beforeAll(async () => {
  provider = await startProvider();
  provider.behave((response, request) => (request.body.includes('"stream":true') ? wholeStream : json(200, completion))(response, request));
  system = await startSystem({ OPENAI_BASE_URL: provider.baseUrl, OPENAI_API_KEY: "sk-provider" });
  await stopMerges();
});
afterAll(async () => {
  await system?.remove();
  await provider?.close();
});

/** `calls`: 1; `events`: 2. The rest of the id is a number that is used once. */
const traceIdOf = (source: 1 | 2, number: number) => `${source}${number.toString(16).padStart(31, "0")}`;

/** One call; true when its whole answer has arrived. A stream's is whole with its end mark. */
async function callOnce(key: string, traceId: string, stream: boolean): Promise<boolean> {
  try {
    const response = await fetch(`${system.local.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "x-evalforge-trace-id": traceId },
      body: JSON.stringify({ model: "gpt-4o", messages: [{ role: "user", content: "Hi" }], ...(stream ? { stream } : {}) }),
      signal: AbortSignal.timeout(20_000),
    });
    const text = await response.text();
    return response.status === 200 && (!stream || text.trimEnd().endsWith("data: [DONE]"));
  } catch {
    return false;
  }
}

async function sendEvents(key: string, traceIds: readonly string[]): Promise<boolean> {
  try {
    const response = await fetch(`${system.local.url}/v1/events`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify({
        events: traceIds.map((traceId) => ({
          traceId,
          spanId: traceId.slice(16).replace(/^0/, "e"),
          name: "step",
          startedAtMs: eventsStartedAtMs,
        })),
      }),
      signal: AbortSignal.timeout(20_000),
    });
    await response.text();
    return response.status === 202;
  } catch {
    return false;
  }
}

test(
  `of ${calls} calls under \`durable\` and of events sent meanwhile, while everything and each process is killed: what was acknowledged is stored, each once`,
  { timeout: 300_000 },
  async ({ expect }) => {
    const { key } = await control(system, createKey, { body: { name: "durable", record: "durable" } });
    const acknowledged = new Set<string>();
    const unacknowledged = new Set<string>();
    let tried = 0;
    let isOver = false;

    const callMany = async (): Promise<void> => {
      while (acknowledged.size < calls) {
        tried += 1;
        const traceId = traceIdOf(1, tried);
        if (await callOnce(key, traceId, tried % 2 === 0)) acknowledged.add(traceId);
        else {
          unacknowledged.add(traceId);
          // Refused connections fail at once: without a pause a thousand calls would be spent on one kill.
          await pause(100);
        }
      }
    };
    const events = new Set<string>();
    let batches = 0;
    const sendManyEvents = async (): Promise<void> => {
      while (!isOver) {
        const ids = Array.from({ length: eventsInABatch }, (_, index) => traceIdOf(2, batches * eventsInABatch + index + 1));
        batches += 1;
        // A client that does not know whether its batch arrived sends it again.
        await until("a batch to be taken", 60_000, async () => ((await sendEvents(key, ids)) ? true : null));
        for (const id of ids) events.add(id);
        await pause(50);
      }
    };
    const killAll = async (): Promise<void> => {
      const hasRedis = (await pidOf(system, "Redis")) !== null;
      const parts: readonly Part[] = [
        "workerd of the objects",
        "ClickHouse",
        "PostgreSQL",
        ...(hasRedis ? (["Redis"] as const) : []),
        "workerd of the edges",
        "workerd of the app",
      ];
      const steps = [...parts.map((part) => async () => await killPart(system, part)), killEverything, killEverything];
      for (const [index, kill] of steps.entries()) {
        const after = Math.floor((calls * (index + 0.5)) / (steps.length + 0.5));
        await until(`${after} calls`, 120_000, () => (acknowledged.size >= after ? true : null));
        await kill();
        await stopMerges();
      }
    };
    const killEverything = async (): Promise<void> => {
      await system.end("SIGKILL");
      system = await system.restart();
    };

    const sendingEvents = sendManyEvents();
    await Promise.all([killAll(), ...Array.from({ length: atOnce }, callMany)]);
    isOver = true;
    await sendingEvents;
    expect(unacknowledged.size).toBeGreaterThan(0);

    const missing = async () => {
      const stored = new Set(await storedTraceIds());
      return [...acknowledged, ...events].filter((traceId) => !stored.has(traceId));
    };
    // Running out of time is no failure of its own: what is then still missing is.
    await until("everything acknowledged to be stored", storedWithinMs, async () => ((await missing()).length === 0 ? true : null)).catch(
      () => undefined,
    );
    expect(await missing()).toEqual([]);
    // What is delivered again arrives before a call that is made now.
    const last = traceIdOf(1, tried + 1);
    expect(await callOnce(key, last, false)).toBe(true);
    acknowledged.add(last);
    await until("the last call to be stored", storedWithinMs, async () => ((await storedTraceIds()).includes(last) ? true : null));

    const stored = await storedTraceIds();
    expect(stored.length - new Set(stored).size).toBe(0);
    const known = acknowledged.union(unacknowledged).union(events);
    expect(stored.filter((traceId) => !known.has(traceId))).toEqual([]);
    // No call is there twice even before the engine clears equal rows: each object was inserted once.
    expect(await doubledRows()).toEqual([]);
  },
);

async function storedTraceIds(): Promise<string[]> {
  const rows = await askClickhouse(system, { query: "SELECT trace_id FROM spans FINAL", row: z.object({ trace_id: z.string() }) });
  return rows.map((row) => row.trace_id);
}

/** Merges would clear away what was inserted twice before it is counted. The engine forgets this when it ends. */
async function stopMerges(): Promise<void> {
  await until("merges to be stopped", 30_000, async () => {
    await askClickhouse(system, { query: "SYSTEM STOP MERGES spans", row: z.never() });
    return true;
  });
}

/** Calls of the gateway that have more than one row. */
async function doubledRows() {
  return await askClickhouse(system, {
    query:
      "SELECT trace_id, toInt32(count()) AS rows, groupArray(batch_object) AS objects FROM spans WHERE ingest_protocol = 'gateway' GROUP BY trace_id HAVING rows > 1",
    row: z.object({ trace_id: z.string(), rows: z.number(), objects: z.array(z.string()) }),
  });
}
