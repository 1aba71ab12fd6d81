import { setTimeout as pause } from "node:timers/promises";

/** Rising, so that many who wait long do not keep busy what they wait for. */
const lookEveryMs = { first: 25, most: 200, factor: 1.25 } as const;

/**
 * Waits for something to become so, and gives it. `look` gives `null` while it is not.
 * Throws after `withinMs`, naming what was waited for, with the last error that looking gave.
 */
export async function until<Value>(what: string, withinMs: number, look: () => Promise<Value | null> | Value | null): Promise<Value> {
  const endMs = Date.now() + withinMs;
  let lastError: unknown = null;
  let pauseMs: number = lookEveryMs.first;
  do {
    try {
      const value = await look();
      if (value !== null) return value;
    } catch (error) {
      lastError = error;
    }
    await pause(pauseMs);
    pauseMs = Math.min(lookEveryMs.most, pauseMs * lookEveryMs.factor);
  } while (Date.now() < endMs);
  throw new Error(`waited ${withinMs} ms in vain for ${what}`, { cause: lastError });
}
