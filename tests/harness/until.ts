import { setTimeout as pause } from "node:timers/promises";

const lookEveryMs = 25;

/**
 * Waits for something to become so, and gives it. `look` gives `null` while it is not.
 * Throws after `withinMs`, naming what was waited for, with the last error that looking gave.
 */
export async function until<Value>(what: string, withinMs: number, look: () => Promise<Value | null> | Value | null): Promise<Value> {
  const endMs = Date.now() + withinMs;
  let lastError: unknown = null;
  do {
    try {
      const value = await look();
      if (value !== null) return value;
    } catch (error) {
      lastError = error;
    }
    await pause(lookEveryMs);
  } while (Date.now() < endMs);
  throw new Error(`waited ${withinMs} ms in vain for ${what}`, { cause: lastError });
}
