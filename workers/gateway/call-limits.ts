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
import { claimsOf } from "#core/limits/admission.ts";
import { attemptBounds, type AttemptBounds } from "#core/limits/attempt-bounds.ts";
import { unusedAttempt, usedBy, type AttemptEnd, type AttemptUse } from "#core/limits/attempt-use.ts";
import { rateHeaders, refusalHeaders, refusalText } from "#core/limits/answer-headers.ts";
import { holdIdOf } from "#core/limits/hold-id.ts";
import { holdsOf, settledHolds, settlementsOf, type Held, type SettledHold } from "#core/limits/held.ts";
import {
  type EscrowClaim,
  type HoldReceipt,
  type LimiterPlace,
  type RateCharge,
  type RateStanding,
  type Refusal,
  type ReserveReply,
  type ReserveRequest,
} from "#core/limits/limiter-rpc.ts";
import { maximaOf } from "#core/limits/model-maxima.ts";
import type { OutputBound } from "#core/limits/output-bound.ts";
import { capOf } from "#core/limits/output-cap.ts";
import { firstBlock, nextBlock } from "#core/limits/stream-blocks.ts";
import { clampedTokens, type WorstCase } from "#core/limits/worst-case.ts";
import { providerRow } from "#core/providers/providers.ts";
import { letGo, nothingEnded, pockets, returnPockets, settleSoon, takeEnded } from "./settlements.ts";

/** Longer than the limiter tries by itself. */
const reserveWithinMs = 15_000;
/** Twice this, a stream's provider has not written more than is reserved ahead. */
const keepUpWithinMs = 5_000;

type Asking = Pick<ReserveRequest, "budgets" | "rates">;

/** What `#take` gives. */
type Taken =
  | {
      readonly kind: "held";
      readonly holds: Held[];
      readonly charges: readonly RateCharge[];
      readonly standings: readonly RateStanding[];
    }
  | Exclude<ReserveReply, { kind: "held" }>;

export type Admitted =
  /** `cap`: what the request must say of the length of its answer; `null`: what it says. */
  { readonly kind: "admitted"; readonly cap: Readonly<Record<string, number>> | null } | Failure;

type Asked = Admitted | { readonly kind: "clamped"; readonly tokens: number };

/** What one attempt holds until it is settled. */
interface Attempt {
  readonly place: LimiterPlace;
  readonly attemptId: string;
  readonly charges: readonly RateCharge[];
  readonly holds: Held[];
  /** `null`: all that it can cost is reserved. */
  readonly stream: StreamInBlocks | null;
}

/** A stream that reserves as its answer comes. */
interface StreamInBlocks {
  readonly bounds: AttemptBounds;
  /** Of the budgets that let it. */
  readonly claims: readonly EscrowClaim[];
  /** How many tokens of output are reserved. */
  heldTokens: number;
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
    const rates =
      overrideRates(snapshot, target.provider, [target.model]) ??
      bookRates(providerRow(target.provider)?.priceBookId ?? null, [target.model], startedAtMs);
    const bounds = attemptBounds(shape, body, bodyBytes, target.model, rates);
    const asked = await this.#ask(target, body, bounds, true);
    if (asked.kind !== "clamped") return asked;
    const clamped = { ...bounds, output: { ...bounds.output, tokens: asked.tokens } };
    const again = await this.#ask(target, body, clamped, false);
    if (again.kind !== "admitted") return again.kind === "clamped" ? failure("budget_exceeded") : again;
    this.headers["x-evalforge-max-tokens-clamped"] = String(asked.tokens);
    return { kind: "admitted", cap: capOf(clamped.output, target, body) };
  }

  /** Whether the attempt under way reserves as its answer comes, so that it may have to be cut. */
  get mayCut(): boolean {
    return (this.#current?.stream ?? null) !== null;
  }

  /** Reserves what a stream may have written by now, and what is under way of it. A failure: nothing is left, and it must end. */
  async keepUp(writtenTokensMax: number): Promise<Failure | null> {
    const attempt = this.#current;
    const stream = attempt?.stream ?? null;
    if (attempt === null || stream === null) return null;
    const upTo = nextBlock(stream.heldTokens, writtenTokensMax, stream.bounds.output.tokens);
    if (upTo === null) return null;
    const { costAt } = stream.bounds;
    const amount = (costAt(upTo)?.nanoUsd ?? 0) - (costAt(stream.heldTokens)?.nanoUsd ?? 0);
    const claims = { budgets: stream.claims.map((claim) => ({ ...claim, amount })), rates: [] };
    const reply = await this.#take(attempt.place, `${attempt.attemptId}/${upTo}`, claims, keepUpWithinMs);
    if (reply.kind === "held") attempt.holds.push(...reply.holds);
    if (reply.kind !== "refused") {
      stream.heldTokens = upTo;
      return reply.kind === "held" ? null : this.#withoutRights(claims);
    }
    return failure("budget_exceeded", `The budget "${this.#nameOf(reply.limitId)}" has nothing left: the answer was cut.`);
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
    const settled = settledHolds(attempt.holds, used.nanoUsd);
    const pocketed: HoldReceipt[] = [];
    for (const each of settled) {
      this.#note(each);
      if (!each.held.isPocketed) continue;
      pockets.settle([each.held.receipt], each.nanoUsd, Date.now());
      pocketed.push(each.held.receipt);
    }
    const { place } = attempt;
    if (pocketed.length > 0) returnPockets(this.#context, this.#env, place, pocketed);
    for (const each of settlementsOf(attempt, settled, used.tokens)) settleSoon(this.#context, this.#env, place, each);
  }

  #note({ held: { receipt, isPocketed, worst }, nanoUsd }: SettledHold): void {
    const isMoney = receipt.unit === "nano-usd";
    this.holdIds.push(
      holdIdOf({ receipt, isPocketed, settled: isMoney ? (nanoUsd ?? worst) : 0, isPresumed: isMoney && nanoUsd === null }),
    );
  }

  async #ask(target: CallTarget, body: RequestBody, bounds: AttemptBounds, mayClamp: boolean): Promise<Asked> {
    const { snapshot, headers, servingRegion } = this.#identity;
    const { output, param } = bounds;
    const worst = bounds.costAt(output.tokens);
    const heldTokens = firstBlock(body, target.model, output);
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
      {
        worst,
        block: heldTokens === null ? null : bounds.costAt(heldTokens),
        tokens: bounds.tokensAt(output.tokens),
        requestCountedBy: this.#requestCountedBy,
      },
    );
    if (claims.kind === "unpriced") return unbounded(claims.budget.name, param);
    // A model whose maximum is known needs no other cap.
    const cap = output.isCapped || maximaOf(target.model).outputTokens !== null ? null : capOf(output, target, body);
    if (claims.budgets.length + claims.rates.length === 0) return { kind: "admitted", cap: null };
    const place: LimiterPlace = { organizationId: snapshot.organizationId, region: servingRegion };
    const attemptId = `${this.#requestId}/${this.#attempts}${mayClamp ? "" : "/clamped"}`;
    const reply = await this.#take(place, attemptId, claims, reserveWithinMs);
    if (reply.kind === "held") {
      const stream = heldTokens === null || claims.inBlocks.length === 0 ? null : { bounds, claims: claims.inBlocks, heldTokens };
      this.#current = { place, attemptId, charges: reply.charges, holds: reply.holds, stream };
      for (const { unit, book } of reply.charges) if (unit === "requests") this.#requestCountedBy.add(book);
      this.#rateHeaders = { ...this.#rateHeaders, ...rateHeaders(reply.standings) };
      this.headers = { ...this.headers, ...this.#rateHeaders };
      return { kind: "admitted", cap };
    }
    if (reply.kind === "unreachable") return this.#withoutRights(claims) ?? { kind: "admitted", cap };
    const tokens = mayClamp && worst !== null ? this.#clampedTo(reply, worst, output) : null;
    return tokens === null ? this.#refuse(reply, claims) : { kind: "clamped", tokens };
  }

  /** Takes all claims or none: out of this isolate's pockets, else of its region. */
  async #take(place: LimiterPlace, attemptId: string, claims: Asking, withinMs: number): Promise<Taken> {
    const nowMs = Date.now();
    const { budgets, rates } = claims;
    const mayPocket = rates.length === 0 && budgets.every(({ terms }) => terms.unit === "nano-usd");
    if (mayPocket) pockets.observe(place, budgets, nowMs);
    const pocketed = mayPocket ? pockets.reserve(place, budgets, nowMs) : null;
    if (pocketed !== null) return { kind: "held", holds: holdsOf(attemptId, budgets, pocketed, true), charges: [], standings: [] };
    const spending = mayPocket ? pockets.wanted(place, budgets, nowMs) : [];
    const reply = await this.#reserve({ place, attemptId, budgets, rates, spending, ended: nothingEnded }, withinMs);
    if (reply.kind !== "held") return reply;
    if (reply.leases.length > 0) {
      pockets.adopt(place, reply.leases, nowMs);
      returnPockets(this.#context, this.#env, place, reply.leases);
    }
    return { ...reply, holds: holdsOf(attemptId, budgets, reply.receipts, false) };
  }

  /** An answer that was lost is asked for again, and then let go of. What others left to settle travels with it. */
  async #reserve(request: ReserveRequest, withinMs: number): Promise<ReserveReply> {
    const ended = takeEnded(request.place);
    const { startedAtMs, headers } = this.#identity;
    for (let tries = 0; tries < 2; tries += 1) {
      const leftMs = startedAtMs + headers.timeouts.totalMs - Date.now();
      if (leftMs <= 0) break;
      try {
        return await within(askLimiter(this.#env, { ...request, ended }), Math.min(withinMs, leftMs));
      } catch (error) {
        log("limiter_unreachable", { region: request.place.region, error });
      }
    }
    this.#context.waitUntil(letGo(this.#env, request, ended));
    return { kind: "unreachable" };
  }

  /** Nobody has rights to give: a limit that is closed then refuses. */
  #withoutRights({ budgets, rates }: Asking): Failure | null {
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

  #refuse(refusal: Refusal, { budgets, rates }: Asking): Failure {
    this.headers = { ...this.headers, ...refusalHeaders(refusal) };
    const wanted = [...budgets, ...rates].find(({ terms }) => terms.limitId === refusal.limitId)?.amount ?? null;
    const text = refusalText(refusal, this.#nameOf(refusal.limitId), wanted);
    return failure(refusal.unit === "nano-usd" ? "budget_exceeded" : "rate_limit_exceeded", text);
  }

  #nameOf(limitId: string): string {
    return [...this.#limits.budgets, ...this.#limits.rateLimits].find(({ id }) => id === limitId)?.name ?? limitId;
  }
}

function unbounded(name: string, param: string | null): Failure {
  const why = param === null ? "its model's price is not known" : `of \`${param}\``;
  return failure("call_unbounded", `The budget "${name}" refuses calls of which nobody knows the most that they can cost: ${why}.`, param);
}
