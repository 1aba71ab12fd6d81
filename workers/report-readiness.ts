import { log } from "#adapters/log.ts";
import { within } from "#adapters/within.ts";

/** Something that a Worker leans on. */
export interface Check {
  readonly name: string;
  /** Whether what the Worker is there for stops without it. */
  readonly isNeeded: boolean;
  readonly ask: () => Promise<unknown>;
}

const answerWithinMs = 2_000;

/** The answer to `GET /ready`: all are asked at once, what is down is named, and 503 is said where calls stop for it. */
export async function reportReadiness(checks: readonly Check[], limitMs: number = answerWithinMs): Promise<Response> {
  const asked = await Promise.all(checks.map(async (check) => ({ ...check, isUp: await isUp(check, limitMs) })));
  const down = asked.filter((check) => !check.isUp);
  return Response.json(
    {
      status: down.length === 0 ? "ready" : "degraded",
      down: down.map(({ name }) => name),
      checks: Object.fromEntries(asked.map((check) => [check.name, check.isUp ? "up" : "down"])),
    },
    { status: down.some(({ isNeeded }) => isNeeded) ? 503 : 200 },
  );
}

async function isUp({ name, ask }: Check, limitMs: number): Promise<boolean> {
  try {
    await within(ask(), limitMs);
    return true;
  } catch (error) {
    log("dependency_down", { store: name.replace(" ", ":"), error });
    return false;
  }
}
