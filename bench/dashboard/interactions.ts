import type { Page } from "playwright-core";
import * as z from "zod";

/** Installed before a page's own scripts: keeps how long each interaction took until its next paint, and every frame that took long. */
export const observer = `
window.benchInteractions = [];
window.benchFrames = { isOn: false, last: 0, count: 0, long: [] };
new PerformanceObserver((list) => {
  for (const { interactionId, duration } of list.getEntries()) if (interactionId > 0) window.benchInteractions.push(duration);
}).observe({ type: "event", durationThreshold: 16, buffered: true });
window.benchWatchFrames = () => {
  const frames = (window.benchFrames = { isOn: true, last: performance.now(), count: 0, long: [] });
  const look = (now) => {
    if (now - frames.last > 50) frames.long.push(now - frames.last);
    frames.last = now;
    frames.count += 1;
    if (frames.isOn) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
};`;

const settleMs = 300;

/**
 * The longest of an act's interactions, from the input until the next frame is on the screen, in milliseconds. The browser
 * tells them in steps of 8 ms and leaves out those below 16, which come out as 16.
 */
export async function timeInteraction(page: Page, act: () => Promise<void>): Promise<number> {
  await page.evaluate("window.benchInteractions.length = 0");
  await act();
  // An entry comes after its frame.
  await page.waitForTimeout(settleMs);
  const durations = z.array(z.number()).parse(await page.evaluate("window.benchInteractions"));
  return Math.max(16, ...durations);
}

export interface Frames {
  readonly count: number;
  /** Those that took more than 50 ms: how long. */
  readonly longMs: readonly number[];
}

/** Frames while something is done. */
export async function watchFrames(page: Page, act: () => Promise<void>): Promise<Frames> {
  await page.evaluate("window.benchWatchFrames()");
  await act();
  const read = await page.evaluate("window.benchFrames.isOn = false, window.benchFrames");
  const { count, long } = z.object({ count: z.number(), long: z.array(z.number()) }).parse(read);
  return { count, longMs: long };
}
