import { begin, json, type Behaviour } from "./provider.ts";
import { wires, type Api } from "./fault-wire.ts";

/** A provider that fails before the first byte of its answer reached the client. */
export interface EarlyFault {
  readonly name: string;
  readonly act: (upstream: Api) => Behaviour;
  readonly streamed: readonly boolean[];
  readonly status: number;
  readonly code: string;
  readonly upstreamStatus: number | null;
  readonly message?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly retryAfter?: string;
}
const both = [false, true] as const;
const streamedOnly = [true] as const;
const plainOnly = [false] as const;
const silent = { "x-evalforge-first-token-timeout-ms": "500" } as const;
const notBegun = "The provider did not begin its answer in time.";

export const earlyFaults: readonly EarlyFault[] = [
  {
    name: "refuses the connection",
    act: () => () => undefined,
    streamed: both,
    status: 502,
    code: "upstream_unreachable",
    upstreamStatus: null,
    fields: { model: "refused/model" },
  },
  {
    name: "resets before its headers",
    act: () => (response) => void response.socket?.resetAndDestroy(),
    streamed: both,
    status: 502,
    code: "upstream_unreachable",
    upstreamStatus: null,
  },
  {
    name: "answers 200 with HTML",
    act: () => (response) => void response.writeHead(200, { "content-type": "text/html" }).end("<html>login</html>"),
    streamed: both,
    status: 502,
    code: "upstream_invalid_response",
    upstreamStatus: 200,
  },
  {
    name: "answers 429 with retry-after",
    act: (upstream) => json(429, wires[upstream].errorBody("slow down"), { "retry-after": "7" }),
    streamed: both,
    status: 429,
    code: "upstream_error",
    upstreamStatus: 429,
    message: "slow down",
    retryAfter: "7",
  },
  {
    name: "answers 429 without retry-after",
    act: (upstream) => json(429, wires[upstream].errorBody("slow down")),
    streamed: both,
    status: 429,
    code: "upstream_error",
    upstreamStatus: 429,
    message: "slow down",
  },
  {
    name: "answers 500",
    act: (upstream) => json(500, wires[upstream].errorBody("broken")),
    streamed: both,
    status: 500,
    code: "upstream_error",
    upstreamStatus: 500,
    message: "broken",
  },
  {
    name: "stalls before its headers",
    act: () => () => undefined,
    streamed: both,
    status: 504,
    code: "upstream_timeout",
    upstreamStatus: null,
    message: notBegun,
    headers: silent,
  },
  {
    name: "stalls before its first event",
    act: () => (response) => void response.writeHead(200, { "content-type": "text/event-stream" }).write(": hold the line\n\n"),
    streamed: streamedOnly,
    status: 504,
    code: "upstream_timeout",
    upstreamStatus: 200,
    message: notBegun,
    headers: silent,
  },
  {
    name: "begins with an error event",
    act: (upstream) => (response) => {
      begin(response, []);
      response.end(wires[upstream].errorEvent);
    },
    streamed: streamedOnly,
    status: 502,
    code: "upstream_error",
    upstreamStatus: 200,
    message: "overloaded",
  },
  {
    name: "ends before its first event",
    act: () => (response) => void response.writeHead(200, { "content-type": "text/event-stream" }).end(),
    streamed: streamedOnly,
    status: 502,
    code: "upstream_cut",
    upstreamStatus: 200,
  },
  {
    name: "is cut within its JSON",
    act: (upstream) => (response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
      response.write(JSON.stringify(wires[upstream].answer).slice(0, 50));
      setTimeout(() => response.socket?.resetAndDestroy(), 100);
    },
    streamed: plainOnly,
    status: 502,
    code: "upstream_cut",
    upstreamStatus: 200,
  },
  {
    name: "sends half a character",
    act: () => (response) => void response.writeHead(200, { "content-type": "application/json" }).end(Buffer.from([0x7b, 0xc3, 0x7d])),
    streamed: plainOnly,
    status: 502,
    code: "upstream_invalid_response",
    upstreamStatus: 200,
  },
  {
    name: "answers 200 with an error",
    act: (upstream) => json(200, wires[upstream].errorBody("no credit")),
    streamed: plainOnly,
    status: 502,
    code: "upstream_error",
    upstreamStatus: 200,
    message: "no credit",
  },
];
