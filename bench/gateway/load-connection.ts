import { connect, type Socket } from "node:net";
import { HttpMessageReader } from "../wire/http-message.ts";
import { nowMicroseconds } from "../wire/monotonic.ts";
import type { LoadOrder } from "./load-order.ts";
import { sentAtPattern, streamEvents, workloads } from "./workloads.ts";

export type CallEnd =
  | { readonly kind: "whole"; readonly startedUs: number; readonly endedUs: number }
  | { readonly kind: "failed"; readonly reason: string };

/** Longest wait for one answer; a target that hangs is an error of it, not of the benchmark. */
const answerTimeoutMs = 10_000;
/** Pause after a failure, so that a target that refuses at once is not hammered. */
const pauseAfterFailureMs = 50;

/** One keep-alive connection that makes one call after the other. */
export class LoadConnection {
  private readonly order: LoadOrder;
  private readonly onEnd: (end: CallEnd) => void;
  private readonly onEvent: (sentUs: number, arrivedUs: number) => void;
  private readonly request: Buffer;
  private readonly reader: HttpMessageReader;
  private socket: Socket | null = null;
  private settle: ((failure: string | null) => void) | null = null;
  private bodyBytes = 0;
  private eventEnds = 0;
  private lastByteWasNewline = false;
  private partialEvent = "";

  constructor(order: LoadOrder, onEnd: (end: CallEnd) => void, onEvent: (sentUs: number, arrivedUs: number) => void) {
    this.order = order;
    this.onEnd = onEnd;
    this.onEvent = onEvent;
    const { pathname, host } = new URL(order.url);
    const headers = Object.entries({
      host,
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(order.body)),
      ...order.headers,
    });
    this.request = Buffer.from(
      `POST ${pathname} HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${order.body}`,
    );
    const take = {
      plain: (bytes: Buffer) => this.takePlain(bytes),
      stream: (bytes: Buffer) => this.takeStream(bytes),
      paced: (bytes: Buffer) => this.takePaced(bytes),
    }[order.workload];
    this.reader = new HttpMessageReader(take);
  }

  /** Calls, at least once, until the clock says `untilUs`; the last call is waited for. */
  async run(untilUs: number): Promise<void> {
    do {
      const startedUs = nowMicroseconds();
      const failure = await this.call();
      this.onEnd(failure === null ? { kind: "whole", startedUs, endedUs: nowMicroseconds() } : { kind: "failed", reason: failure });
      if (failure !== null) {
        this.socket?.destroy();
        this.socket = null;
        await new Promise((resolve) => setTimeout(resolve, pauseAfterFailureMs));
      }
      const restMs = this.order.everyMs - (nowMicroseconds() - startedUs) / 1_000;
      if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
    } while (nowMicroseconds() < untilUs);
    this.socket?.destroy();
  }

  private async call(): Promise<string | null> {
    this.reader.reset();
    this.bodyBytes = 0;
    this.eventEnds = 0;
    this.partialEvent = "";
    this.socket ??= this.open();
    const socket = this.socket;
    return await new Promise((resolve) => {
      this.settle = (failure) => {
        this.settle = null;
        resolve(failure);
      };
      socket.write(this.request);
    });
  }

  private open(): Socket {
    const { hostname, port } = new URL(this.order.url);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    socket.on("data", (bytes: Buffer) => this.receive(bytes));
    socket.on("error", (error) => this.settle?.(error.message));
    socket.on("close", () => {
      if (this.socket === socket) this.socket = null;
      this.settle?.("connection closed before the answer was whole");
    });
    socket.setTimeout(answerTimeoutMs, () => this.settle?.(`nothing for ${answerTimeoutMs} ms`));
    return socket;
  }

  private receive(bytes: Buffer): void {
    try {
      if (this.reader.push(bytes)) this.settle?.(this.failureOfAnswer());
    } catch (error) {
      this.settle?.(String(error));
    }
  }

  private failureOfAnswer(): string | null {
    const status = this.reader.head.slice(9, 12);
    if (status !== "200") return `status ${status}`;
    if (!workloads[this.order.workload].stream) return this.bodyBytes > 100 ? null : "answer without a body";
    // The content events and [DONE]; comments and a usage event may come on top.
    return this.eventEnds > streamEvents ? null : `stream of ${this.eventEnds} events`;
  }

  private takePlain(bytes: Buffer): void {
    this.bodyBytes += bytes.length;
  }

  private takeStream(bytes: Buffer): void {
    for (const byte of bytes) {
      const isNewline = byte === 10;
      if (isNewline && this.lastByteWasNewline) this.eventEnds += 1;
      this.lastByteWasNewline = isNewline;
    }
  }

  private takePaced(bytes: Buffer): void {
    const arrivedUs = nowMicroseconds();
    const events = (this.partialEvent + bytes.toString("latin1")).split("\n\n");
    this.partialEvent = events.pop() ?? "";
    for (const event of events) {
      this.eventEnds += 1;
      const sentUs = sentAtPattern.exec(event)?.[1];
      if (sentUs !== undefined) this.onEvent(Number(sentUs), arrivedUs);
    }
  }
}
