import type { Provider, ReceivedRequest } from "../provider.ts";
import type { RunningSystem } from "../running-system.ts";
import { fieldsOf, type Fields } from "../wire/fields.ts";
import { wires, type Dialect } from "../wire/wire.ts";

export interface Sending {
  readonly caller: Dialect;
  readonly provider: Dialect;
  /** Beside the model, and beside what each request must say. */
  readonly fields: Fields;
  readonly streamed: boolean;
  /** What the provider answers. */
  readonly answer: Fields;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Sent {
  /** The body that the client sent. */
  readonly sent: string;
  readonly status: number;
  readonly headers: Headers;
  /** The body that the client got. */
  readonly text: string;
  /** `null`: the provider was not called. */
  readonly received: ReceivedRequest | null;
  /** The body that the provider answered with. */
  readonly given: string;
}

/** One call through the whole system, with a provider that gives one answer. */
export async function send(system: RunningSystem, fake: Provider, sending: Sending): Promise<Sent> {
  const { caller, provider, fields, streamed, answer, headers } = sending;
  const { path, request, streaming } = wires[caller];
  const given = streamed ? wires[provider].streamOf(answer) : JSON.stringify(answer);
  fake.behave((response) => {
    response.writeHead(200, { "content-type": streamed ? "text/event-stream" : "application/json" }).end(given);
  });
  const asked = { model: wires[provider].model.asked, ...request, ...fields, ...(streamed ? { stream: true, ...streaming } : {}) };
  const before = fake.requests.length;
  const sent = JSON.stringify(asked);
  const response = await fetch(`${system.local.url}/v1${path}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${system.local.apiKey}`,
      "content-type": "application/json",
      "x-evalforge-upstream-api": provider,
      ...headers,
    },
    body: sent,
  });
  const text = await response.text();
  return { sent, status: response.status, headers: response.headers, text, received: fake.requests[before] ?? null, given };
}

/** The answer as the client has it: a stream put together. */
export function answerOf(caller: Dialect, text: string, streamed: boolean): Fields {
  return streamed ? wires[caller].fold(text) : fieldsOf(JSON.parse(text));
}

/** A stream without the gateway's comments. */
export function withoutComments(stream: string): string {
  return stream.replaceAll(/^: .*\n\n/gm, "");
}
