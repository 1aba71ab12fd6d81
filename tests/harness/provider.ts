import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A request as the provider got it. */
export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export type Behaviour = (response: ServerResponse, request: ReceivedRequest) => void | Promise<void>;

/** A provider on a real socket that does what a test tells it, byte by byte. */
export interface Provider {
  /** Ends in `/v1`. */
  readonly baseUrl: string;
  /** How the next calls are answered. */
  behave: (behaviour: Behaviour) => void;
  readonly requests: ReceivedRequest[];
  /** Calls whose connection ended before their answer did. */
  readonly abandoned: () => number;
  /** Connections it was given in all. */
  readonly connections: () => number;
  readonly close: () => Promise<void>;
}

export async function startProvider(): Promise<Provider> {
  let behaviour: Behaviour = (response) => {
    response.writeHead(500).end();
  };
  let abandoned = 0;
  let connections = 0;
  const requests: ReceivedRequest[] = [];
  const server = createServer((message, response) => {
    response.on("close", () => {
      if (!response.writableFinished) abandoned += 1;
    });
    void (async () => {
      const request = { path: message.url ?? "", headers: message.headers, body: await text(message) };
      requests.push(request);
      await behaviour(response, request);
    })();
  });
  server.on("connection", () => (connections += 1));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    baseUrl: `http://127.0.0.1:${portOf(server.address())}/v1`,
    behave: (next) => {
      behaviour = next;
    },
    requests,
    abandoned: () => abandoned,
    connections: () => connections,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === "string") throw new Error("the provider listens on a port");
  return address.port;
}

/** Answers with JSON. */
export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Behaviour {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  };
}

/** Begins a stream and sends these events; what comes after them is the test's affair. */
export function begin(response: ServerResponse, events: readonly unknown[]): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const event of events) response.write(`data: ${JSON.stringify(event)}\n\n`);
}

export const usage = {
  prompt_tokens: 100,
  completion_tokens: 50,
  total_tokens: 150,
  prompt_tokens_details: { cached_tokens: 40 },
  completion_tokens_details: { reasoning_tokens: 20 },
};
/** $2.50, $1.25 and $10 a million tokens: 60 × 2500 + 40 × 1250 + 50 × 10000 nano-dollars. */
export const gpt4oCostNanoUsd = 60 * 2_500 + 40 * 1_250 + 50 * 10_000;

export const completion = {
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "gpt-4o-2024-08-06",
  choices: [{ index: 0, message: { role: "assistant", content: "Hello there.", refusal: null }, finish_reason: "stop", logprobs: null }],
  usage,
};

const chunk = (choices: unknown[], rest: object = {}) => ({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1,
  model: "gpt-4o-2024-08-06",
  choices,
  ...rest,
});

/** A whole stream, as OpenAI sends it when asked for usage. */
export const streamEvents = [
  chunk([{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }], { usage: null }),
  chunk([{ index: 0, delta: { content: "Hello " }, finish_reason: null }], { usage: null }),
  chunk([{ index: 0, delta: { content: "there." }, finish_reason: null }], { usage: null }),
  chunk([{ index: 0, delta: {}, finish_reason: "stop" }], { usage: null }),
  chunk([], { usage }),
] as const;

/** Streams a whole answer. */
export const wholeStream: Behaviour = (response) => {
  begin(response, streamEvents);
  response.end("data: [DONE]\n\n");
};
