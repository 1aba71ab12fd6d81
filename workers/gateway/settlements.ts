import { limiterStub, type LimiterBinding } from "#adapters/limits/stubs.ts";
import { log } from "#adapters/log.ts";
import type { LimiterPlace, ReserveRequest, Settlement } from "#core/limits/limiter-rpc.ts";

/** A settlement waits so long for a call that asks its limiter anyway, and takes it along. */
const waitMs = 10;
/** More are forgotten, the oldest first: their limiter counts them as spent. */
const waitingMax = 5_000;

/** By limiter. Plain data: every request of the isolate may carry it on. */
const waiting = new Map<string, Settlement[]>();

/** What waits for a limiter, for who asks it anyway. */
export function takeSettlements(place: LimiterPlace): readonly Settlement[] {
  const name = nameOf(place);
  const taken = waiting.get(name) ?? [];
  waiting.delete(name);
  return taken;
}

/** Sees to it that a settlement reaches its limiter, with that of others. Never throws. */
export async function settleSoon(env: LimiterBinding, place: LimiterPlace, settlement: Settlement): Promise<void> {
  const name = nameOf(place);
  const queue = waiting.get(name) ?? [];
  waiting.set(name, queue);
  queue.push(settlement);
  if (queue.length > waitingMax) queue.shift();
  // Each request has a timer of its own: another's would end with that one.
  await new Promise((resolve) => setTimeout(resolve, waitMs));
  if (waiting.get(name)?.includes(settlement) === true) await send(env, place, takeSettlements(place));
}

/** Cancels a reserve whose answer was lost; what it took along may be lost with it, and is told again. Never throws. */
export async function letGo(env: LimiterBinding, { place, attemptId }: ReserveRequest, settlements: readonly Settlement[]): Promise<void> {
  try {
    await limiterStub(env, place).cancel(place, attemptId);
  } catch (error) {
    log("limiter_unreachable", { region: place.region, error });
  }
  if (settlements.length > 0) await send(env, place, settlements);
}

async function send(env: LimiterBinding, place: LimiterPlace, settlements: readonly Settlement[]): Promise<void> {
  try {
    await limiterStub(env, place).settle(place, settlements);
  } catch (error) {
    log("limiter_unreachable", { region: place.region, error });
    const name = nameOf(place);
    // The next one to settle takes them along.
    waiting.set(name, [...settlements, ...(waiting.get(name) ?? [])].slice(-waitingMax));
  }
}

function nameOf({ organizationId, region }: LimiterPlace): string {
  return `${organizationId}:${region}`;
}
