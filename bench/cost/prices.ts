/** What is billed, and for how many of it. */
interface Price {
  readonly title: string;
  readonly usd: number;
  readonly per: number;
}

/**
 * Cloudflare's list prices of the Workers Paid plan beyond what it includes, in dollars, without the plan's own fee: Workers,
 * Durable Objects (SQLite), R2 (Standard) and Queues as on their pricing pages in November 2026.
 */
export const prices = {
  workerRequests: { title: "Worker requests", usd: 0.3, per: 1e6 },
  workerCpuMs: { title: "Worker CPU, ms", usd: 0.02, per: 1e6 },
  objectRequests: { title: "Durable Object requests", usd: 0.15, per: 1e6 },
  objectGbSeconds: { title: "Durable Object duration, GB s", usd: 12.5, per: 1e6 },
  rowsWritten: { title: "rows written", usd: 1, per: 1e6 },
  rowsRead: { title: "rows read", usd: 0.001, per: 1e6 },
  bucketWrites: { title: "R2 class A (put, list)", usd: 4.5, per: 1e6 },
  bucketReads: { title: "R2 class B (get, head)", usd: 0.36, per: 1e6 },
  queueOperations: { title: "queue operations", usd: 0.4, per: 1e6 },
} as const satisfies Record<string, Price>;

export type Operation = keyof typeof prices;
export const operations = [
  "workerRequests",
  "workerCpuMs",
  "objectRequests",
  "objectGbSeconds",
  "rowsWritten",
  "rowsRead",
  "bucketWrites",
  "bucketReads",
  "queueOperations",
] as const satisfies readonly Operation[];

export type Counts = Readonly<Record<Operation, number>>;

/** A message is written, read and deleted. */
export const operationsOfMessage = 3;
/** What a Durable Object is billed with while it works. */
export const objectGb = 0.128;

export function usdOf(counts: Counts): number {
  return operations.reduce((sum, operation) => sum + (counts[operation] * prices[operation].usd) / prices[operation].per, 0);
}
