import { randomInt } from "node:crypto";
import { createServer, connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf, StartFailure } from "./start-failure.ts";

export const host = "127.0.0.1";

/**
 * Below the range that systems hand out for outgoing connections: one of those, our own too, would take a port between its
 * choice and the moment at which its part listens.
 */
const chosenFrom = { lowest: 20_000, highest: 30_000 } as const;
const choicesMax = 1_000;

/** Opens and closes a port. Rejects with the system's error. */
function tryPort(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve()));
  });
}

/** A port nobody listens on now. Rejects with the system's error where there seems to be none. */
export async function freePort(): Promise<number> {
  for (let choice = 1; ; choice += 1) {
    const port = randomInt(chosenFrom.lowest, chosenFrom.highest);
    try {
      await tryPort(port);
      return port;
    } catch (error) {
      if (choice === choicesMax) throw error;
    }
  }
}

/** `count` different free ports. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort());
  return [...ports];
}

/** Whether another listens on `port` now. */
export async function isTaken(port: number): Promise<boolean> {
  return await tryPort(port).then(
    () => false,
    (error: unknown) => codeOf(error) === "EADDRINUSE",
  );
}

/** Throws `StartFailure` that names the first of `ports` that cannot be listened on. */
export async function assertPortsFree(ports: readonly number[]): Promise<void> {
  for (const port of ports) {
    try {
      await tryPort(port);
    } catch (error) {
      const reason = codeOf(error) === "EADDRINUSE" ? "is in use" : `cannot be listened on (${codeOf(error) ?? "unknown error"})`;
      throw new StartFailure(`Port ${port} ${reason}. Stop what listens there, or set PORT to another first port.`);
    }
  }
}

/** Resolves when something accepts connections on `port`; rejects once `signal` aborts. */
export async function untilListening(port: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const accepted = await new Promise<boolean>((resolve) => {
      const socket = connect({ port, host });
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (accepted) return;
    await sleep(20);
  }
}
