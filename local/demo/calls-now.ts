import type { Region } from "#core/contracts/region.ts";
import type { AppName } from "./apps/apps.ts";
import { callsOf } from "./asked.ts";
import { lanes, type Lane } from "./lanes.ts";

/** One that is refused with so little is refused with anything. */
const charactersMin = 1_000;
const callWithinMs = 20_000;
const refused = 429;

export interface CallsTarget {
  readonly seed: string;
  readonly edges: Readonly<Record<Region, string>>;
  /** The text of an application's virtual key. */
  readonly keyTextOf: (app: AppName) => string;
  /** Whether a provider's calls are answered by the simulated one: others cost somebody's money, and are not made. */
  readonly isSimulated: (provider: string) => boolean;
}

/** What became of the calls. */
export interface CallsMade {
  readonly answered: number;
  /** By a limit. */
  readonly refused: number;
  /** In any other way. */
  readonly failed: number;
}

/** Calls through the gateway as the applications make them: each one call after another, all of them at once. */
export async function callNow(target: CallsTarget): Promise<CallsMade> {
  const made = await Promise.all(lanes.map(async (lane) => await runLane(target, lane)));
  const sum = (outcome: keyof CallsMade): number => made.reduce((total, each) => total + each[outcome], 0);
  return { answered: sum("answered"), refused: sum("refused"), failed: sum("failed") };
}

/** An application that is refused sends half as much with its next call, until even a little is refused. */
async function runLane({ seed, edges, keyTextOf, isSimulated }: CallsTarget, lane: Lane): Promise<CallsMade> {
  const made = { answered: 0, refused: 0, failed: 0 };
  let { characters } = lane;
  for (const { model, region, path, headers, bodyOf } of callsOf(seed, lane)) {
    if (!isSimulated(model.provider)) continue;
    if (characters < charactersMin) break;
    const status = await statusOf(edges[region] + path, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json", authorization: `Bearer ${keyTextOf(lane.app)}` },
      body: bodyOf(characters),
    });
    if (status === 200) made.answered += 1;
    else if (status === refused) {
      made.refused += 1;
      characters = Math.floor(characters / 2);
    } else made.failed += 1;
  }
  return made;
}

/** The status of an answer that was read to its end; 0: none came. */
async function statusOf(address: string, request: RequestInit): Promise<number> {
  try {
    const response = await fetch(address, { ...request, signal: AbortSignal.timeout(callWithinMs) });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}
