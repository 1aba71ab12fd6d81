import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { host } from "../ports.ts";

const unzip = promisify(gunzip);

/** A whole answer of one of the small HTTP fronts. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

export interface HttpFront {
  readonly port: number;
  readonly close: () => Promise<void>;
}

export function jsonAnswer(status: number, value: unknown): Answer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}

/** As long as ClickHouse's own: parameters of queries travel in the address, such as the ids of four hundred traces. */
const addressBytesMax = 1_048_576;

/** Serves `handle` on a port of this machine; what it throws becomes a 500 with the message as text. */
export async function serveHttp(port: number, handle: (request: IncomingMessage) => Promise<Answer>): Promise<HttpFront> {
  const server = createServer({ maxHeaderSize: addressBytesMax }, (request, response) => {
    void handle(request).then(
      (answer) => send(response, answer),
      (error: unknown) => send(response, { status: 500, headers: { "content-type": "text/plain" }, body: String(error) }),
    );
  });
  // Clients keep connections for a minute or more; closing earlier than they do makes them lose a request now and then.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve());
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, { ...answer.headers, "content-length": Buffer.byteLength(answer.body) });
  response.end(answer.body);
}

/** The whole body, unzipped where the client zipped it. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const body = await buffer(request);
  return request.headers["content-encoding"] === "gzip" ? unzip(body) : body;
}

/** A header's only value; empty if there is none. */
export function headerOf(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? "";
}
