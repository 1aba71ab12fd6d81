import { limiterStub, type LimiterBinding } from "#adapters/limits/stubs.ts";
import { log } from "#adapters/log.ts";
import type { Ended, Lease, LimiterPlace, PocketClosing, ReserveRequest, Settlement } from "#core/limits/limiter-rpc.ts";
import { Pockets } from "#core/limits/pockets.ts";

/** What ended waits so long for a call that asks its limiter anyway, and takes it along. */
const waitMs = 10;
/** Who does not lead looks so long after the leader whether it has sent: its request may have ended. */
const guardMs = 40;
/** A pocket on which no call is under way is kept so long for the next one: between two calls an isolate may end without notice. */
const idleMs = 100;
/** More are forgotten, the oldest first: their limiter counts them as spent. */
const waitingMax = 5_000;

/** What this isolate may spend by itself. */
export const pockets = new Pockets();

/** Pockets that a request waits to close, if none begins a call on them. */
const watchedUntilMs = new Map<string, number>();
const watchedMax = 10_000;

export const nothingEnded: Ended = { settlements: [], closings: [] };

interface Waiting {
  readonly settlements: Settlement[];
  readonly closings: PocketClosing[];
}

/** By limiter. Plain data: every request of the isolate may carry it on. */
const waiting = new Map<string, Waiting>();

/** By limiter: until when somebody leads, who sends what has come by then, and whether another one guards it. */
const leading = new Map<string, { readonly dueAtMs: number; isGuarded: boolean }>();

/** What waits for a limiter, for who asks it anyway. */
export function takeEnded(place: LimiterPlace): Ended {
  const name = nameOf(place);
  const taken = waiting.get(name) ?? nothingEnded;
  waiting.delete(name);
  return taken;
}

/** A part of a request's work that goes on after its answer; `waitUntil` is a fiftieth of a call, so most calls leave nothing to do. */
type Waits = Pick<ExecutionContext, "waitUntil">;

/** Sees to it that a settlement reaches its limiter, with that of others. */
export function settleSoon(context: Waits, env: LimiterBinding, place: LimiterPlace, settlement: Settlement): void {
  put(place, { settlements: [settlement], closings: [] });
  const led = leading.get(nameOf(place));
  if (led === undefined || led.dueAtMs < Date.now()) context.waitUntil(lead(env, place));
  // The others' timers are saved: what they left is sent by these two.
  else if (!led.isGuarded) {
    led.isGuarded = true;
    context.waitUntil(guard(env, place, settlement));
  }
}

/** Never throws. */
async function lead(env: LimiterBinding, place: LimiterPlace): Promise<void> {
  const name = nameOf(place);
  const own = { dueAtMs: Date.now() + waitMs, isGuarded: false };
  leading.set(name, own);
  await sleep(waitMs);
  if (leading.get(name) === own) leading.delete(name);
  await sendWaiting(env, place);
}

/** Never throws. */
async function guard(env: LimiterBinding, place: LimiterPlace, settlement: Settlement): Promise<void> {
  await sleep(guardMs);
  if (waiting.get(nameOf(place))?.settlements.includes(settlement) === true) await sendWaiting(env, place);
}

async function sendWaiting(env: LimiterBinding, place: LimiterPlace): Promise<void> {
  const ended = takeEnded(place);
  if (ended.settlements.length + ended.closings.length > 0) await send(env, place, ended);
}

/** After calls on pockets: gives back those that are over, and those on which no other call begins. */
export function returnPockets(
  context: Waits,
  env: LimiterBinding,
  place: LimiterPlace,
  used: readonly Pick<Lease, "book" | "epoch">[],
): void {
  const nowMs = Date.now();
  const closings = pockets.close(used, false, nowMs);
  if (closings.length > 0) {
    put(place, { settlements: [], closings });
    context.waitUntil(sendWaiting(env, place));
  }
  // One timer for all calls on a pocket: each keeps its request alive.
  const name = used.map(({ book, epoch }) => `${epoch}/${book}`).join(" ");
  if ((watchedUntilMs.get(name) ?? 0) <= nowMs) context.waitUntil(returnRested(env, place, used, name));
}

/** Gives each of these pockets back when no call was on it for a while; one with a call under way is left to that. Never throws. */
async function returnRested(
  env: LimiterBinding,
  place: LimiterPlace,
  used: readonly Pick<Lease, "book" | "epoch">[],
  name: string,
): Promise<void> {
  for (;;) {
    const nowMs = Date.now();
    const { closings, nextAtMs } = pockets.closeRested(used, idleMs, nowMs);
    // Who watched and ended early leaves its name here.
    if (watchedUntilMs.size >= watchedMax) watchedUntilMs.clear();
    if (nextAtMs === null) watchedUntilMs.delete(name);
    else watchedUntilMs.set(name, nowMs + 2 * idleMs);
    if (closings.length > 0) {
      put(place, { settlements: [], closings });
      await sendWaiting(env, place);
    }
    if (nextAtMs === null) return;
    await sleep(nextAtMs - Date.now());
  }
}

/** Cancels a reserve whose answer was lost; what it took along may be lost with it, and is told again. Never throws. */
export async function letGo(env: LimiterBinding, { place, attemptId }: ReserveRequest, ended: Ended): Promise<void> {
  try {
    await limiterStub(env, place).cancel(place, attemptId);
  } catch (error) {
    log("limiter_unreachable", { region: place.region, error });
  }
  if (ended.settlements.length + ended.closings.length > 0) await send(env, place, ended);
}

async function send(env: LimiterBinding, place: LimiterPlace, ended: Ended): Promise<void> {
  try {
    await limiterStub(env, place).settle(place, ended);
  } catch (error) {
    log("limiter_unreachable", { region: place.region, error });
    // The next one to settle takes them along.
    put(place, ended);
  }
}

function put(place: LimiterPlace, { settlements, closings }: Ended): void {
  const name = nameOf(place);
  const queue = waiting.get(name) ?? { settlements: [], closings: [] };
  waiting.set(name, queue);
  queue.settlements.push(...settlements);
  queue.closings.push(...closings);
  queue.settlements.splice(0, Math.max(0, queue.settlements.length - waitingMax));
  queue.closings.splice(0, Math.max(0, queue.closings.length - waitingMax));
}

async function sleep(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function nameOf({ organizationId, region }: LimiterPlace): string {
  return `${organizationId}:${region}`;
}
