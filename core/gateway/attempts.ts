import type { ErrorCode } from "../contracts/error.ts";

/** What is known of an attempt that failed before its first byte reached the client. */
export interface FailedAttempt {
  readonly code: ErrorCode;
  /** `null`: the provider did not answer. */
  readonly upstreamStatus: number | null;
  /** Each empty where the provider did not say. */
  readonly retryAfter: RetryAfter;
}

/** Headers of a provider's answer, as text. */
export interface RetryAfter {
  readonly retryAfterMs: string;
  readonly retryAfter: string;
  /** `true` or `false`, as OpenAI says of its own errors. */
  readonly shouldRetry: string;
}

export type NextStep =
  | { readonly kind: "retry"; readonly waitMs: number }
  /** Another target may do what this one does not. */
  | { readonly kind: "next-target" }
  | { readonly kind: "give-up" };

/** Statuses at which the same request may succeed later; 529 is Anthropic's word for an overload. */
const passingStatuses: ReadonlySet<number> = new Set([408, 409, 425, 429, 500, 502, 503, 504, 529]);
/** Faults of a request, not of its target: no other target is asked. */
const finalStatuses: ReadonlySet<number> = new Set([400, 413, 422]);
const passingCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["upstream_unreachable", "upstream_cut", "upstream_invalid_response"]);

const backoffBaseMs = 500;
const backoffMaxMs = 8_000;
/** A provider that wants more patience than this is given up for the next target. */
const retryAfterMaxMs = 20_000;

interface Left {
  readonly tried: number;
  readonly retriesLeft: number;
  readonly targetsLeft: number;
  readonly leftMs: number;
}

/**
 * What follows a failed attempt. Waits have full jitter (a random time up to an exponentially rising bound), and are never
 * shorter than the provider asks.
 *
 * `retriesLeft`: of this target. `tried`: how often it was tried. `leftMs`: of the call's time; a wait that would outlast
 * it is not begun. `random`: from 0 to 1.
 */
export function nextStep(
  failed: FailedAttempt,
  { tried, retriesLeft, targetsLeft, leftMs }: Left,
  random: number,
  nowMs: number,
): NextStep {
  if (failed.code === "client_closed" || leftMs <= 0) return { kind: "give-up" };
  const orElse: NextStep = targetsLeft > 0 && isTargetsFault(failed) ? { kind: "next-target" } : { kind: "give-up" };
  if (retriesLeft === 0 || !canPass(failed)) return orElse;
  const askedMs = retryAfterMsOf(failed.retryAfter, nowMs);
  if (askedMs > retryAfterMaxMs) return orElse;
  const boundMs = Math.min(backoffMaxMs, backoffBaseMs * 2 ** (tried - 1));
  const waitMs = Math.max(askedMs, Math.round(random * boundMs));
  return waitMs < leftMs ? { kind: "retry", waitMs } : orElse;
}

function canPass({ code, upstreamStatus, retryAfter }: FailedAttempt): boolean {
  if (retryAfter.shouldRetry === "true") return true;
  if (retryAfter.shouldRetry === "false") return false;
  // An error within a success says nothing of its kind: an overload is the usual one.
  if (upstreamStatus === null || upstreamStatus < 400) return passingCodes.has(code) || code === "upstream_error";
  return passingStatuses.has(upstreamStatus);
}

function isTargetsFault({ code, upstreamStatus }: FailedAttempt): boolean {
  return code !== "upstream_error" || upstreamStatus === null || !finalStatuses.has(upstreamStatus);
}

/** How long a provider asks to be left alone; 0: it does not say. `retry-after` is seconds or a date (RFC 9110, 10.2.3). */
function retryAfterMsOf({ retryAfterMs, retryAfter }: RetryAfter, nowMs: number): number {
  const milliseconds = retryAfterMs === "" ? Number.NaN : Number(retryAfterMs);
  if (milliseconds >= 0) return milliseconds;
  const seconds = retryAfter === "" ? Number.NaN : Number(retryAfter);
  if (seconds >= 0) return seconds * 1_000;
  const atMs = Date.parse(retryAfter);
  return Number.isNaN(atMs) ? 0 : Math.max(0, atMs - nowMs);
}

export type Attempted<Success, Failed> =
  | { readonly kind: "answered"; readonly value: Success }
  | { readonly kind: "failed"; readonly failed: Failed };

/** What the loop needs of the world. */
export interface AttemptEffects<Target, Success, Failed> {
  readonly attempt: (target: Target) => Promise<Attempted<Success, Failed>>;
  /** May end early, where nobody waits any more. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly nowMs: () => number;
  /** When the call's time is up. */
  readonly endsAtMs: number;
}

/**
 * Tries targets in their order until one answers, or one fails in a way that no other attempt can help. Each is tried once
 * and `retries` times more. Gives the last failure where none answers.
 */
export async function runAttempts<Target, Success, Failed extends FailedAttempt>(
  targets: readonly [Target, ...Target[]],
  retries: number,
  { attempt, sleep, random, nowMs, endsAtMs }: AttemptEffects<Target, Success, Failed>,
): Promise<Attempted<Success, Failed>> {
  let index = 0;
  let target = targets[0];
  for (let tried = 1; ; tried += 1) {
    const attempted = await attempt(target);
    if (attempted.kind === "answered") return attempted;
    const failedAtMs = nowMs();
    const left = { tried, retriesLeft: retries + 1 - tried, targetsLeft: targets.length - 1 - index, leftMs: endsAtMs - failedAtMs };
    const step = nextStep(attempted.failed, left, random(), failedAtMs);
    if (step.kind === "give-up") return attempted;
    if (step.kind === "retry") {
      await sleep(step.waitMs);
      continue;
    }
    index += 1;
    target = targets[index] ?? target;
    tried = 0;
  }
}
