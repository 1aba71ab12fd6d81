import { askLimiter, type LimiterBinding } from "#adapters/limits/stubs.ts";
import { log } from "#adapters/log.ts";
import { bookRates } from "#adapters/prices/price-book.ts";
import { within } from "#adapters/within.ts";
import { failure, type Failure } from "#core/contracts/error.ts";
import type { RequestId } from "#core/contracts/id.ts";
import type { KeyLimits } from "#core/contracts/limits.ts";
import type { CallIdentity, CallTarget } from "#core/gateway/call-span.ts";
import { overrideRates } from "#core/gateway/price-override.ts";
import type { RequestBody } from "#core/gateway/request-body.ts";
import { claimsOf, type CallBounds, type Claims } from "#core/limits/admission.ts";
import { unusedAttempt, usedBy, type AttemptEnd, type AttemptUse } from "#core/limits/attempt-use.ts";
import { rateHeaders, refusalHeaders, refusalText } from "#core/limits/answer-headers.ts";
import { holdIdOf } from "#core/limits/hold-id.ts";
import { inputBound } from "#core/limits/input-bound.ts";
import type { HoldReceipt, LimiterPlace, RateCharge, Refusal, ReserveReply, ReserveRequest } from "#core/limits/limiter-rpc.ts";
import { maximaOf } from "#core/limits/model-maxima.ts";
import { outputBound, type OutputBound } from "#core/limits/output-bound.ts";
import { clampedTokens, worstCase, type WorstCase } from "#core/limits/worst-case.ts";
import { providerRow } from "#core/providers/providers.ts";
import { letGo, nothingEnded, pockets, returnPockets, settleSoon, takeEnded } from "./settlements.ts";

/** What is written as the cap of an answer whose length nothing else bounds. */
const otherwiseTokens = 16_384;
/** Longer than the limiter tries by itself. */
const reserveWithinMs = 15_000;

type MadeClaims = Extract<Claims, { kind: "claims" }>;

export type Admitted =
  /** `cap`: what the request must say of the length of its answer; `null`: what it says. */
  { readonly kind: "admitted"; readonly cap: Readonly<Record<string, number>> | null } | Failure;

type Asked = Admitted | { readonly kind: "clamped"; readonly tokens: number };

/** What one attempt holds until it is settled. */
interface Attempt {
  readonly place: LimiterPlace;
  readonly attemptId: string;
  readonly receipts: readonly HoldReceipt[];
  readonly charges: readonly RateCharge[];
  /** Whether it is this isolate's own rights. */
  readonly isPocketed: boolean;
  /** The most that it can cost. */
  readonly worstNanoUsd: number;
}

/** The limits that hold for a call: each attempt is admitted before it is sent, and settled when it has ended, however it ended. */
export class CallLimits {
  readonly #env: LimiterBinding;
  readonly #context: ExecutionContext;
  readonly #requestId: RequestId;
  readonly #identity: CallIdentity;
  readonly #limits: KeyLimits;
  #attempts = 0;
  #current: Attempt | null = null;
  readonly #requestCountedBy = new Set<string>();
  /** Where rates stood when the last attempt was admitted. */
  #rateHeaders: Record<string, string> = {};
  /** What every answer says of them. */
  headers: Record<string, string> = {};
  /** What the record says of each hold that is settled: `holdIdOf`. */
  readonly holdIds: string[] = [];

  constructor(env: LimiterBinding, context: ExecutionContext, requestId: RequestId, identity: CallIdentity, limits: KeyLimits) {
    this.#env = env;
    this.#context = context;
    this.#requestId = requestId;
    this.#identity = identity;
    this.#limits = limits;
  }

  /** Reserves what the attempt can cost at most, of all limits that hold for it or of none. */
  async admit(target: CallTarget, body: RequestBody, bodyBytes: number): Promise<Admitted> {
    this.#attempts += 1;
    // What an attempt before was refused with is none of this one's answer.
    this.headers = { ...this.#rateHeaders };
    const { shape, snapshot, startedAtMs } = this.#identity;
    const output = outputBound(shape, body.fields, target.model, otherwiseTokens);
    const input = inputBound(shape, body, bodyBytes, target.model);
    const rates =
      overrideRates(snapshot, target.provider, [target.model]) ??
      bookRates(providerRow(target.provider)?.priceBookId ?? null, [target.model], startedAtMs);
    const worst = rates === null || input.kind === "unbounded" ? null : worstCase(input, output, rates);
    const tokens = input.kind === "unbounded" ? null : input.tokens + output.tokens * output.answers + output.extraTokens;
    const param = input.kind === "unbounded" ? input.param : null;
    const asked = await this.#ask(target, body, output, { worst, tokens, requestCountedBy: this.#requestCountedBy }, param, true);
    if (asked.kind !== "clamped") return asked;
    const clamped = { ...output, tokens: asked.tokens };
    const bounds = {
      worst: rates === null || input.kind === "unbounded" ? null : worstCase(input, clamped, rates),
      tokens: tokens === null ? null : tokens - (output.tokens - asked.tokens) * output.answers,
      requestCountedBy: this.#requestCountedBy,
    };
    const again = await this.#ask(target, body, clamped, bounds, param, false);
    if (again.kind !== "admitted") return again.kind === "clamped" ? failure("budget_exceeded") : again;
    this.headers["x-evalforge-max-tokens-clamped"] = String(asked.tokens);
    return { kind: "admitted", cap: capOf(clamped, target, body) };
  }

  /** Settles the attempt under way, once: at what it cost, or at its reserve, where nobody knows. */
  settle(end: AttemptEnd): void {
    this.#settle(usedBy(end));
  }

  /** Settles an attempt that reached no provider. */
  settleUnsent(): void {
    this.#settle(unusedAttempt);
  }

  /** Settles an attempt of which something went wrong in the gateway itself: nobody knows what became of it. */
  settleUnknown(): void {
    this.#settle({ nanoUsd: null, tokens: null });
  }

  #settle(used: AttemptUse): void {
    const attempt = this.#current;
    this.#current = null;
    if (attempt === null) return;
    this.#note(attempt, used);
    if (attempt.isPocketed) {
      pockets.settle(attempt.receipts, used.nanoUsd, Date.now());
      returnPockets(this.#context, this.#env, attempt.place, attempt.receipts);
      return;
    }
    const { place, attemptId, receipts, charges } = attempt;
    settleSoon(this.#context, this.#env, place, { attemptId, receipts, charges, ...used });
  }

  async #ask(
    target: CallTarget,
    body: RequestBody,
    output: OutputBound,
    bounds: CallBounds,
    param: string | null,
    mayClamp: boolean,
  ): Promise<Asked> {
    const { snapshot, headers, servingRegion } = this.#identity;
    const claims = claimsOf(
      this.#limits,
      {
        organizationId: snapshot.organizationId,
        teamId: snapshot.teamId,
        projectId: snapshot.projectId,
        keyId: snapshot.keyId,
        userId: headers.userId === "" ? body.user : headers.userId,
        provider: target.provider,
        model: target.model,
        region: servingRegion,
        tags: headers.tags,
      },
      bounds,
    );
    if (claims.kind === "unpriced") return unbounded(claims.budget.name, param);
    // A model whose maximum is known needs no other cap.
    const cap = output.isCapped || maximaOf(target.model).outputTokens !== null ? null : capOf(output, target, body);
    if (claims.budgets.length + claims.rates.length === 0) return { kind: "admitted", cap: null };
    const place: LimiterPlace = { organizationId: snapshot.organizationId, region: servingRegion };
    const nowMs = Date.now();
    const attemptId = `${this.#requestId}/${this.#attempts}${mayClamp ? "" : "/clamped"}`;
    const mayPocket = claims.rates.length === 0 && claims.budgets.every(({ terms }) => terms.unit === "nano-usd");
    if (mayPocket) pockets.observe(place, claims.budgets, nowMs);
    const pocketed = mayPocket ? pockets.reserve(place, claims.budgets, nowMs) : null;
    const worstNanoUsd = bounds.worst?.nanoUsd ?? 0;
    if (pocketed !== null) {
      this.#current = { place, attemptId, receipts: pocketed, charges: [], isPocketed: true, worstNanoUsd };
      return { kind: "admitted", cap };
    }
    const spending = mayPocket ? pockets.wanted(place, claims.budgets, nowMs) : [];
    const reply = await this.#reserve({ place, attemptId, ...claims, spending, ended: nothingEnded });
    if (reply.kind === "held") {
      this.#current = { place, attemptId, receipts: reply.receipts, charges: reply.charges, isPocketed: false, worstNanoUsd };
      for (const { unit, book } of reply.charges) if (unit === "requests") this.#requestCountedBy.add(book);
      this.#rateHeaders = { ...this.#rateHeaders, ...rateHeaders(reply.standings) };
      this.headers = { ...this.headers, ...this.#rateHeaders };
      if (reply.leases.length > 0) {
        pockets.adopt(place, reply.leases, nowMs);
        returnPockets(this.#context, this.#env, place, reply.leases);
      }
      return { kind: "admitted", cap };
    }
    if (reply.kind === "unreachable") return this.#withoutRights(claims) ?? { kind: "admitted", cap };
    const tokens = mayClamp && bounds.worst !== null ? this.#clampedTo(reply, bounds.worst, output) : null;
    return tokens === null ? this.#refuse(reply, claims) : { kind: "clamped", tokens };
  }

  #note({ receipts, isPocketed, worstNanoUsd }: Attempt, { nanoUsd }: AttemptUse): void {
    for (const receipt of receipts) {
      const isMoney = receipt.unit === "nano-usd";
      const settled = isMoney ? (nanoUsd ?? worstNanoUsd) : 0;
      this.holdIds.push(holdIdOf({ receipt, isPocketed, settled, isPresumed: isMoney && nanoUsd === null }));
    }
  }

  /** An answer that was lost is asked for again, and then let go of. What others left to settle travels with it. */
  async #reserve(request: ReserveRequest): Promise<ReserveReply> {
    const ended = takeEnded(request.place);
    const { startedAtMs, headers } = this.#identity;
    for (let tries = 0; tries < 2; tries += 1) {
      const leftMs = startedAtMs + headers.timeouts.totalMs - Date.now();
      if (leftMs <= 0) break;
      try {
        return await within(askLimiter(this.#env, { ...request, ended }), Math.min(reserveWithinMs, leftMs));
      } catch (error) {
        log("limiter_unreachable", { region: request.place.region, error });
      }
    }
    this.#context.waitUntil(letGo(this.#env, request, ended));
    return { kind: "unreachable" };
  }

  /** Nobody has rights to give: a limit that is closed then refuses. */
  #withoutRights({ budgets, rates }: MadeClaims): Failure | null {
    const closed = [...budgets, ...rates].find(({ terms }) => terms.whenUnreachable === "closed");
    this.headers["retry-after"] = "1";
    if (closed !== undefined)
      return failure("limits_unavailable", `The limit "${this.#nameOf(closed.terms.limitId)}" cannot be checked at the moment.`);
    delete this.headers["retry-after"];
    return null;
  }

  #clampedTo({ limitId, unit, affordable }: Refusal, worst: WorstCase, output: OutputBound): number | null {
    const budget = this.#limits.budgets.find(({ id }) => id === limitId);
    if (unit !== "nano-usd" || budget?.whenTooLarge !== "clamp" || output.capField === null) return null;
    return clampedTokens(worst, output, affordable);
  }

  #refuse(refusal: Refusal, { budgets, rates }: MadeClaims): Failure {
    this.headers = { ...this.headers, ...refusalHeaders(refusal) };
    const wanted = [...budgets, ...rates].find(({ terms }) => terms.limitId === refusal.limitId)?.amount ?? null;
    const text = refusalText(refusal, this.#nameOf(refusal.limitId), wanted);
    return failure(refusal.unit === "nano-usd" ? "budget_exceeded" : "rate_limit_exceeded", text);
  }

  #nameOf(limitId: string): string {
    return [...this.#limits.budgets, ...this.#limits.rateLimits].find(({ id }) => id === limitId)?.name ?? limitId;
  }
}

const capFields = ["max_completion_tokens", "max_tokens", "max_output_tokens"] as const;

/** What a request says so that no answer is longer: in all fields that say something of it, or in the one that its provider knows. */
function capOf(
  { capField, tokens }: OutputBound,
  { provider }: CallTarget,
  { fields }: RequestBody,
): Readonly<Record<string, number>> | null {
  if (capField === null) return null;
  const said = capFields.filter((name) => typeof fields[name] === "number");
  const usual = capField === "max_completion_tokens" && provider !== "openai" ? "max_tokens" : capField;
  return Object.fromEntries((said.length > 0 ? said : [usual]).map((name) => [name, tokens]));
}

function unbounded(name: string, param: string | null): Failure {
  const why = param === null ? "its model's price is not known" : `of \`${param}\``;
  return failure("call_unbounded", `The budget "${name}" refuses calls of which nobody knows the most that they can cost: ${why}.`, param);
}
