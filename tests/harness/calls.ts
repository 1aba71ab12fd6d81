import { connect, type Socket } from "node:net";
import { createKey } from "#core/contracts/api/keys.ts";
import { control } from "./control-api.ts";
import type { Behaviour, Provider } from "./provider.ts";
import type { RunningSystem } from "./running-system.ts";
import { requestText, wires, type Api } from "./fault-wire.ts";

/** One call, from its client's and its provider's side. */
export interface PlannedCall {
  /** Holds the call together with its provider's behaviour. */
  readonly id: string;
  readonly traceId: string;
  /** Paths that its provider was asked at, in order. */
  readonly asked: readonly string[];
  /** Answers of the provider whose connection ended before they did. */
  readonly abandoned: () => number;
  /** Answers of the provider that are at their end, one way or another. */
  readonly ended: () => number;
}

/** Lets many calls run at once, each answered by its provider in its own way. */
export class Calls {
  readonly #behaviours = new Map<string, Behaviour>();

  constructor(provider: Provider) {
    provider.behave(async (response, request) => {
      const behaviour = this.#behaviours.get(String(request.headers["idempotency-key"]));
      if (behaviour === undefined) response.writeHead(500).end("not planned");
      else await behaviour(response, request);
    });
  }

  plan(behaviour: Behaviour): PlannedCall {
    const id = crypto.randomUUID();
    const asked: string[] = [];
    let abandoned = 0;
    let ended = 0;
    this.#behaviours.set(id, async (response, request) => {
      asked.push(request.path);
      response.on("close", () => {
        ended += 1;
        if (!response.writableFinished) abandoned += 1;
      });
      await behaviour(response, request);
    });
    return { id, traceId: id.replaceAll("-", ""), asked, abandoned: () => abandoned, ended: () => ended };
  }
}

export interface SentCall {
  readonly api: Api;
  readonly key: string;
  /** Beside the smallest request of the API. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The headers that hold a call together with its plan. */
function planHeaders({ id, traceId }: PlannedCall): Record<string, string> {
  return { "idempotency-key": id, "x-evalforge-trace-id": traceId };
}

/** Calls the gateway, and reads what it gives to its end. */
export async function send({ local }: RunningSystem, planned: PlannedCall, { api, key, fields, headers }: SentCall) {
  const response = await fetch(local.url + wires[api].path, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...planHeaders(planned), ...headers },
    body: requestText(api, fields),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** A call over a bare socket, which can go away as no client library lets one. */
export function sendRaw(
  { local }: RunningSystem,
  { api, key, fields, headers }: SentCall,
  planned: PlannedCall | null = null,
): { readonly socket: Socket; readonly received: () => string } {
  const { hostname, port } = new URL(local.url);
  const body = requestText(api, fields);
  const all = {
    host: "x",
    authorization: `Bearer ${key}`,
    "content-length": String(Buffer.byteLength(body)),
    ...(planned === null ? {} : planHeaders(planned)),
    ...headers,
  };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const socket = connect(Number(port), hostname);
  let received = "";
  socket.on("error", () => undefined);
  socket.on("data", (data: Buffer) => (received += data.toString("latin1")));
  socket.write(`POST ${wires[api].path} HTTP/1.1\r\n${head.join("")}\r\n${body}`);
  return { socket, received: () => received };
}

/** A key whose calls end only when their records are safe. */
export async function durableKey(system: RunningSystem, policy: Readonly<Record<string, unknown>> = {}): Promise<string> {
  return (await control(system, createKey, { body: { name: "durable", record: "durable", ...policy } })).key;
}
