// A process of its own: the load generator. Bodies are made beforehand; each connection sends its next one when it has the answer to
// the last, and none before its time by the offered rate.
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { answerParent, tellParent } from "../processes/child.ts";
import { HttpMessageReader } from "../wire/http-message.ts";
import { nowMicroseconds } from "../wire/monotonic.ts";
import { prepareBatches, requestHead } from "./batches.ts";
import { loadOrderSchema, type LoadOrder, type LoadResult } from "./load-order.ts";

const answerTimeoutMs = 30_000;
const pauseAfterRefusalMs = 100;
const accepting: ReadonlySet<string> = new Set(["200", "202"]);

async function runLoad(order: LoadOrder): Promise<LoadResult> {
  const bodyOf = prepareBatches(order.load, order.form, order.batches, Date.now());
  const acceptedUs = new Float64Array(order.batches);
  const latencies: number[] = [];
  const refused: Record<string, number> = {};
  let sent = 0;
  let bytes = 0;
  const cpuBefore = process.cpuUsage();
  const startedUs = nowMicroseconds();
  const work = async (): Promise<void> => {
    const connection = new Connection(new URL(order.url));
    while (sent < order.batches) {
      const batch = sent;
      sent += 1;
      const earlyMs = (startedUs - nowMicroseconds()) / 1000 + (batch * 1000) / order.batchesPerSecond;
      if (earlyMs > 1) await sleep(earlyMs);
      const body = bodyOf(batch);
      bytes += body.length;
      const fromUs = nowMicroseconds();
      const status = await connection.call(requestHead(order.url, order.headers, order.form, body.length), body);
      const untilUs = nowMicroseconds();
      if (accepting.has(status)) {
        acceptedUs[batch] = untilUs;
        latencies.push(untilUs - fromUs);
      } else {
        refused[status] = (refused[status] ?? 0) + 1;
        await sleep(pauseAfterRefusalMs);
      }
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: order.connections }, work));
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    acceptedUs,
    latenciesUs: Float64Array.from(latencies).sort(),
    refused,
    startedUs,
    endedUs: nowMicroseconds(),
    cpuMs: (user + system) / 1000,
    bytesPerBatch: bytes / Math.max(1, sent),
  };
}

/** One keep-alive connection that makes one call after the other, and a new one after a fault. */
class Connection {
  readonly #url: URL;
  readonly #reader = new HttpMessageReader(() => undefined);
  #socket: Socket | null = null;
  #settle: (status: string) => void = () => undefined;

  constructor(url: URL) {
    this.#url = url;
  }

  /** Resolves to the answer's status once it is whole, or to what went wrong. */
  async call(head: string, body: Buffer): Promise<string> {
    this.#reader.reset();
    const socket = (this.#socket ??= this.#open());
    return await new Promise((resolve) => {
      this.#settle = resolve;
      socket.cork();
      socket.write(head, "latin1");
      socket.write(body);
      socket.uncork();
    });
  }

  close(): void {
    this.#socket?.destroy();
  }

  #open(): Socket {
    const socket = connect({ host: this.#url.hostname, port: Number(this.#url.port), noDelay: true });
    const fail = (reason: string): void => {
      if (this.#socket === socket) this.#socket = null;
      socket.destroy();
      this.#settle(reason);
    };
    socket.on("data", (bytes: Buffer) => {
      if (this.#reader.push(bytes)) this.#settle(this.#reader.head.slice(9, 12));
    });
    socket.on("error", (error) => fail(error.message));
    socket.on("close", () => fail("connection closed"));
    socket.setTimeout(answerTimeoutMs, () => fail(`nothing for ${answerTimeoutMs} ms`));
    return socket;
  }
}

answerParent(async (value) => await runLoad(loadOrderSchema.parse(value)));
tellParent({ kind: "ready", url: "" });
