import { createServer, connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf, StartFailure } from "./start-failure.ts";

export const host = "127.0.0.1";

/** Opens and closes a port; 0 asks for any free one. Resolves to the port. Rejects with the system's error. */
function tryPort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      const bound = typeof address === "object" && address !== null ? address.port : port;
      server.close(() => resolve(bound));
    });
  });
}

/** A port nobody listens on now. */
export function freePort(): Promise<number> {
  return tryPort(0);
}

/** `count` different free ports. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort());
  return [...ports];
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
