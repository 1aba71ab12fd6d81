import { createServer } from "node:net";

/**
 * Below the range that systems hand out for outgoing connections, and that from which a start takes its own (`local/ports.ts`), so
 * that none of those takes a port between its choice and the start.
 */
const lowest = 10_000;
const highest = 20_000;
const portsOfASystem = 4;

/** The first of four consecutive ports nobody listens on. */
export async function freeFirstPort(): Promise<number> {
  for (;;) {
    const first = lowest + Math.floor(Math.random() * (highest - lowest));
    const free = await Promise.all(Array.from({ length: portsOfASystem }, (_, index) => isFree(first + index)));
    if (free.every(Boolean)) return first;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}
