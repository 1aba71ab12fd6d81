import { createServer } from "node:http";
import { once } from "node:events";
import { until } from "../processes/until.ts";
import type { LocalSystem } from "../system.ts";

const spansOfBatch = 1_000;
const patienceMs = 120_000;

/** A trace of so many spans, three deep, by way of ingestion; resolves when the API has them all. */
export async function sendLargeTrace(
  { url, apiUrl, apiKey, adminKey, projectId }: LocalSystem,
  traceId: string,
  count: number,
): Promise<void> {
  const startedAtMs = Date.now() - 60_000;
  const spanId = (at: number) => (at + 1).toString(16).padStart(16, "0");
  for (let from = 0; from < count; from += spansOfBatch) {
    const events = Array.from({ length: Math.min(spansOfBatch, count - from) }, (_, index) => {
      const at = from + index;
      const parent = at === 0 ? {} : { parentSpanId: spanId(at < 100 ? 0 : at % 100) };
      const kind = at === 0 ? "agent" : at < 100 ? "chain" : "tool";
      const startMs = startedAtMs + at * 5;
      return {
        traceId,
        spanId: spanId(at),
        ...parent,
        kind,
        name: `${kind} ${at % 100}`,
        startedAtMs: startMs,
        endedAtMs: startMs + 40,
        input: { at },
      };
    });
    const answer = await fetch(`${url}/v1/events`, {
      method: "POST",
      headers: { authorization: `Bearer ${apiKey}` },
      body: JSON.stringify({ events }),
    });
    if (answer.status !== 202) throw new Error(`ingestion answered ${answer.status}: ${await answer.text()}`);
  }
  await until("the large trace", patienceMs, async () => {
    const filter = encodeURIComponent(JSON.stringify([{ field: "traceId", operator: "eq", value: traceId }]));
    const answer = await fetch(`${apiUrl}/api/projects/${projectId}/traces?filter=${filter}`, {
      headers: { authorization: `Bearer ${adminKey}` },
    });
    if (!(await answer.text()).includes(`"spanCount":${count}`)) throw new Error("not all spans are there");
  });
}

/** A provider whose one answer is long. */
export async function startLongProvider(answerBytes: number): Promise<{ readonly baseUrl: string; readonly close: () => void }> {
  const completion = {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "gpt-4o",
    choices: [{ index: 0, message: { role: "assistant", content: textOf(answerBytes) }, finish_reason: "stop" }],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  };
  const body = JSON.stringify(completion);
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => response.writeHead(200, { "content-type": "application/json" }).end(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the provider listens on a port");
  return {
    baseUrl: `http://127.0.0.1:${address.port}/v1`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A call with a long input and that provider's answer; resolves to its trace's id when it is on record. */
export async function sendLargeCall({ url, apiUrl, apiKey, adminKey, projectId }: LocalSystem, inputBytes: number): Promise<string> {
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${apiKey}` },
    body: JSON.stringify({ model: "openai/gpt-4o", messages: [{ role: "user", content: textOf(inputBytes) }] }),
  });
  await answer.arrayBuffer();
  const traceId = answer.headers.get("x-evalforge-trace-id") ?? "";
  if (answer.status !== 200) throw new Error(`the gateway answered ${answer.status} to the large call`);
  await until("the large call", patienceMs, async () => {
    const read = await fetch(`${apiUrl}/api/projects/${projectId}/traces/${traceId}`, { headers: { authorization: `Bearer ${adminKey}` } });
    if (read.status !== 200) throw new Error(`${read.status}`);
  });
  return traceId;
}

const line = "A line of an answer that nobody will ever read to its end, but everybody may open.\n";

function textOf(bytes: number): string {
  return line.repeat(Math.ceil(bytes / line.length)).slice(0, bytes);
}
