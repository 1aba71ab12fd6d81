import { record } from "#adapters/recorder/record.ts";
import { bookRates } from "#adapters/prices/price-book.ts";
import { uuidV7 } from "#adapters/uuid-v7.ts";
import type { Cost } from "#core/contracts/cost.ts";
import { failure, type Failure } from "#core/contracts/error.ts";
import type { Span } from "#core/contracts/span.ts";
import { attemptSpan, type Attempt } from "#core/gateway/attempt-span.ts";
import { callSpan, type CallOutcome, type CallTarget } from "#core/gateway/call-span.ts";
import { priceUsage } from "#core/gateway/cost.ts";
import { overrideRates } from "#core/gateway/price-override.ts";
import type { RequestBody } from "#core/gateway/request-body.ts";
import { callIds } from "#core/gateway/request-id.ts";
import type { AnswerFacts } from "#core/dialects/answer-facts.ts";
import { providerRow } from "#core/providers/providers.ts";
import type { Call, TargetedCall } from "./call.ts";

/** What an answer cost: the organisation's own rates first, then the price book; by the model served, then by the one asked for. */
export function priceCall(
  { identity, target }: TargetedCall,
  { usage, modelServed, isUsualTier }: AnswerFacts,
  nowMs: number,
): Cost | null {
  if (usage === null || !isUsualTier) return null;
  const models = [modelServed, target.model];
  const rates =
    overrideRates(identity.snapshot, target.provider, models) ??
    bookRates(providerRow(target.provider)?.priceBookId ?? null, models, nowMs);
  return rates === null ? null : priceUsage(usage, rates);
}

/** What is kept of an attempt at its end. */
export function attemptOf(target: CallTarget, end: Pick<Attempt, "endedAtMs" | "failure" | "upstreamStatus">): Attempt {
  return { ...end, target, spanId: callIds(uuidV7(target.startedAtMs)).spanId };
}

/**
 * Records a call, and each of its attempts where it made several. Under `durable` it resolves when the record is safe, or
 * with the failure that the caller must be told; otherwise at once, and the record goes on in `waitUntil`.
 */
export async function recordCall(
  call: Call,
  body: RequestBody | null,
  target: CallTarget | null,
  outcome: CallOutcome,
): Promise<Failure | null> {
  const { env, context, identity, failedAttempts, limits } = call;
  const mode = identity.snapshot.record;
  const plain = callSpan(identity, body, target, outcome);
  limits?.settle(outcome);
  const span = limits === null ? plain : { ...plain, holdIds: limits.holdIds };
  const recording =
    failedAttempts.length === 0
      ? record(env, span, mode, identity.snapshot).finally(call.releaseBody)
      : recordAll(call, span, attemptSpans(span, failedAttempts, target, outcome)).finally(call.releaseBody);
  context.waitUntil(recording);
  if (mode === "normal") return null;
  return (await recording).kind === "lost" ? failure("record_unavailable") : null;
}

type Recorded = Awaited<ReturnType<typeof record>>;

/** `rest` beside the call's own span, which is the one that is answered for where all are safe. */
async function recordAll({ env, identity: { snapshot } }: Call, span: Span, rest: readonly Span[]): Promise<Recorded> {
  const one = async (each: Span) => await record(env, each, snapshot.record, snapshot);
  const [own, ...others] = await Promise.all([one(span), ...rest.map(one)]);
  return others.find(({ kind }) => kind === "lost") ?? own;
}

function attemptSpans(span: Span, failed: readonly Attempt[], target: CallTarget | null, outcome: CallOutcome): readonly Span[] {
  const attempts = target === null ? failed : [...failed, attemptOf(target, outcome)];
  return attempts.map((attempt, index) => attemptSpan(span, attempt, index + 1));
}
