import { record } from "#adapters/recorder/record.ts";
import { bookRates } from "#adapters/prices/price-book.ts";
import type { Cost } from "#core/contracts/cost.ts";
import { failure, type Failure } from "#core/contracts/error.ts";
import { callSpan, type CallOutcome, type CallTarget } from "#core/gateway/call-span.ts";
import { priceUsage } from "#core/gateway/cost.ts";
import { overrideRates } from "#core/gateway/price-override.ts";
import type { RequestBody } from "#core/gateway/request-body.ts";
import type { AnswerFacts } from "#core/dialects/chat/answer.ts";
import { providerRow } from "#core/providers/providers.ts";
import type { Call, TargetedCall } from "./call.ts";

/** What an answer cost: the organisation's own rates first, then the price book; by the model served, then by the one asked for. */
export function priceCall(
  { identity, target, body }: TargetedCall,
  { usage, modelServed, isUsualTier }: AnswerFacts,
  nowMs: number,
): Cost | null {
  if (usage === null || !isUsualTier) return null;
  const models = [modelServed, body.model.startsWith(`${target.provider}/`) ? body.model.slice(target.provider.length + 1) : body.model];
  const rates =
    overrideRates(identity.snapshot, target.provider, models) ??
    bookRates(providerRow(target.provider)?.priceBookId ?? null, models, nowMs);
  return rates === null ? null : priceUsage(usage, rates);
}

/**
 * Records a call. Under `durable` it resolves when the record is safe, or with the failure that the caller must be
 * told; otherwise at once, and the record goes on in `waitUntil`.
 */
export async function recordCall(
  call: Call,
  body: RequestBody | null,
  target: CallTarget | null,
  outcome: CallOutcome,
): Promise<Failure | null> {
  const { env, context, identity } = call;
  const mode = identity.snapshot.record;
  const recording = record(env, callSpan(identity, body, target, outcome), mode).finally(call.releaseBody);
  context.waitUntil(recording);
  if (mode === "normal") return null;
  return (await recording).kind === "lost" ? failure("record_unavailable") : null;
}
