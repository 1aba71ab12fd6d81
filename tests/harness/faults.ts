import type { ServerResponse } from "node:http";
import type { ErrorCode } from "#core/contracts/error.ts";
import { begin } from "./provider.ts";
import { wires, type Api } from "./fault-wire.ts";

/** What a provider does in the middle of a stream, and what that is called. */
export interface StreamFault {
  readonly name: string;
  readonly act: (response: ServerResponse, api: Api) => void;
  readonly code: ErrorCode;
  readonly message?: string;
}

export const streamFaults: readonly StreamFault[] = [
  { name: "ends without its end mark", act: (response) => response.end(), code: "upstream_cut" },
  { name: "is reset", act: (response) => response.socket?.resetAndDestroy(), code: "upstream_cut" },
  {
    name: "falls silent",
    act: () => undefined,
    code: "upstream_timeout",
    message: "The provider stopped in the middle of its answer.",
  },
  { name: "sends what is not JSON", act: (response) => response.write("data: <html>\n\n"), code: "upstream_invalid_response" },
  {
    name: "sends half a character",
    act: (response) => response.write(Buffer.from([0x64, 0xc3, 0x0a, 0x0a])),
    code: "upstream_invalid_response",
  },
  {
    name: "ends within a character",
    act: (response) => response.end(Buffer.from([...Buffer.from("data: "), 0xc3])),
    code: "upstream_cut",
  },
  { name: "sends an error", act: (response, api) => response.write(wires[api].errorEvent), code: "upstream_error", message: "overloaded" },
];

/** Begins a stream, and misbehaves once its first words are on their way. */
export function beginThen(response: ServerResponse, api: Api, act: (response: ServerResponse) => void): void {
  begin(response, []);
  response.write(wires[api].opening);
  // The first events must have left before the connection is lost.
  setTimeout(() => act(response), 100);
}

/** Sends a byte a second until its connection ends, and never the end of a line. */
export function drip(response: ServerResponse): void {
  response.write(" ");
  const bytes = setInterval(() => response.write(" "), 1_000);
  response.on("close", () => {
    clearInterval(bytes);
  });
}
