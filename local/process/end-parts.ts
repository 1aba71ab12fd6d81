import { setTimeout as sleep } from "node:timers/promises";

/** What ends a part. */
export type Stop = () => Promise<void>;

/**
 * Ends the parts, last started first, and resolves when all have ended. Each has `headStartMs` before the next one's
 * turn comes: what it leans on outlives it then, and one that hangs does not hold up the others.
 */
export async function endParts(stops: Stop[], headStartMs: number): Promise<void> {
  const endings: Promise<void>[] = [];
  for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) {
    const ending = stop().catch(() => undefined);
    endings.push(ending);
    await Promise.race([ending, sleep(headStartMs)]);
  }
  await Promise.all(endings);
}
