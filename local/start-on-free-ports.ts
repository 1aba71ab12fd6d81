import { endParts, type Stop } from "./process/end-parts.ts";
import type { StartContext } from "./start-context.ts";
import { isAddressInUse } from "./start-failure.ts";

const startsMax = 3;
const headStartMs = 500;

/**
 * Ports are chosen before anything listens on them, and another program may be faster. Where a part finds its port taken so,
 * all that has started is ended, and `start` is called again, which chooses anew; what the user chose it refuses by itself.
 * Throws what the last start threw.
 */
export async function startOnFreePorts<Started>(
  context: StartContext,
  start: (context: StartContext) => Promise<Started>,
): Promise<Started> {
  for (let attempt = 1; ; attempt += 1) {
    const parts: Stop[] = [];
    const onStarted = (stop: Stop): void => {
      const stopOnce = once(stop);
      parts.push(stopOnce);
      context.onStarted(stopOnce);
    };
    try {
      return await start({ ...context, onStarted });
    } catch (error) {
      if (attempt === startsMax || !isAddressInUse(error) || context.supervision.isEnding()) throw error;
      context.progress.say("Another program has taken a port meanwhile; starting again on others");
      await endParts(parts, headStartMs);
    }
  }
}

/** The end of the run ends every part that it was told of, also one that has ended. */
function once(stop: Stop): Stop {
  let stopped: Promise<void> | null = null;
  return async () => {
    stopped ??= stop();
    await stopped;
  };
}
