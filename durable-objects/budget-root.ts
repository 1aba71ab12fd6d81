import { DurableObject } from "cloudflare:workers";
import { answerOf, limiterStub, type LimiterBinding } from "#adapters/limits/stubs.ts";
import { log } from "#adapters/log.ts";
import type { PostgresEnvironment } from "#adapters/postgres/database.ts";
import { uuidV7 } from "#adapters/uuid-v7.ts";
import { within } from "#adapters/within.ts";
import type { OrganizationId } from "#core/contracts/id.ts";
import type { LimitId } from "#core/contracts/limits.ts";
import { regionSchema, type Region } from "#core/contracts/region.ts";
import { freeOf } from "#core/limits/account.ts";
import { grantOf } from "#core/limits/grantor.ts";
import {
  bookIdOf,
  type AccountState,
  type BudgetRootRpc,
  type DrawAsk,
  type DrawReplies,
  type DrawReply,
  type DrawRequest,
  type EscrowTerms,
  type LimiterPlace,
  type Recall,
} from "#core/limits/limiter-rpc.ts";
import {
  adoptTerms,
  draw,
  earlierOf,
  hear,
  idleRegions,
  isOverIn,
  newRoot,
  outOf,
  standingIn,
  standingOf,
  stateOf,
  storedRootSchema,
  type Earlier,
  type StoredRoot,
} from "#core/limits/root-account.ts";
import { raisedBefore, raiseEvents, toLimitEvent } from "#core/limits/root-events.ts";
import { ledgerOf, type WindowLedger } from "#core/limits/root-ledger.ts";
import { earlierWindows } from "#core/limits/window.ts";
import { EventOutbox } from "./event-outbox.ts";
import { RootRates } from "./root-rates.ts";
import { RowStore } from "./row-store.ts";

/** A region that does not answer so soon has nothing to give back for now. */
const recallWithinMs = 1_500;
/** It is not asked again before. */
const restMs = 5_000;
/** What ended is told for so long; and it counts in a rolling window. */
const keptAfterEndMs = 400 * 86_400_000;
const statesMax = 100;
const removedAtOnce = 1_000;
const removeEveryMs = 1_000;

export type BudgetRootEnv = LimiterBinding & PostgresEnvironment;

/**
 * Grants the rights of an organisation's budgets to regions, and divides its rate limits among them. What it grants is stored
 * before it is said. Between an await and what follows it others may have changed an account: each step reads it anew.
 */
export class BudgetRoot extends DurableObject<BudgetRootEnv> implements BudgetRootRpc {
  readonly #accounts: RowStore<StoredRoot>;
  readonly #rates: RootRates;
  readonly #events: EventOutbox;
  /** Regions that did not answer, until when they are left alone. */
  readonly #resting = new Map<Region, number>();

  constructor(ctx: DurableObjectState, env: BudgetRootEnv) {
    super(ctx, env);
    this.#events = new EventOutbox(ctx.storage, env);
    this.#accounts = new RowStore(ctx.storage.sql, "account", storedRootSchema);
    this.#rates = new RootRates(ctx.storage, env);
  }

  /** @see BudgetRootRpc.draw */
  async draw({ place, budgets, rates }: DrawRequest): Promise<DrawReplies> {
    const drawn = this.ctx.storage.transactionSync(() => budgets.map((ask) => this.#draw(place, ask)));
    const short = budgets.filter((_, index) => (drawn[index]?.shortBy ?? 0) > 0);
    const shares = await this.#rates.share(place, rates);
    if (short.length === 0) return { budgets: drawn.map(({ reply }) => reply), rates: shares };
    await this.#recallFor(place.organizationId, place.region, short.map(rowIdOf));
    // What came back is granted on the report that has been heard.
    const again = this.ctx.storage.transactionSync(() => budgets.map((ask) => this.#draw(place, ask)));
    return { budgets: again.map(({ reply }) => reply), rates: shares };
  }

  /** @see BudgetRootRpc.adopt */
  async adopt(organizationId: OrganizationId, terms: EscrowTerms): Promise<void> {
    const nowMs = Date.now();
    // A window that is over keeps the terms that were in force in it: nobody wants alerts of it under others.
    const rows = this.#accounts.list(`${terms.limitId}/`).filter(({ value }) => !isOver(value, nowMs));
    const lowered = this.ctx.storage.transactionSync(() =>
      rows.flatMap(({ id, value }) => {
        const adopted = adoptTerms(value, terms);
        if (adopted === value) return [];
        this.#write(organizationId, id, adopted, null);
        return [id];
      }),
    );
    if (lowered.length > 0) await this.#recallFor(organizationId, null, lowered);
  }

  /** @see BudgetRootRpc.state */
  async state(organizationId: OrganizationId, limitId: LimitId): Promise<readonly AccountState[]> {
    const nowMs = Date.now();
    const present = (): readonly { readonly id: string; readonly value: StoredRoot }[] =>
      this.#accounts
        .list(`${limitId}/`)
        .filter(({ value }) => isPresent(value, nowMs))
        .toSorted((left, right) => standingOf(right.value).spent - standingOf(left.value).spent)
        .slice(0, statesMax);
    await this.#hearOf(
      organizationId,
      present().map(({ id }) => id),
    );
    return present().map(({ value }) => stateOf(value, this.#earlier(value, null)));
  }

  /** @see BudgetRootRpc.ledger */
  async ledger(organizationId: OrganizationId, limitId: LimitId, windowId: string): Promise<WindowLedger> {
    const rows = () => this.#accounts.list(bookIdOf(limitId, windowId, ""));
    const largest = rows().toSorted((left, right) => outOf(right.value) - outOf(left.value));
    await this.#hearOf(
      organizationId,
      largest.slice(0, statesMax).map(({ id }) => id),
    );
    return ledgerOf(rows().map(({ value }) => value));
  }

  override async alarm(): Promise<void> {
    for (const id of this.#accounts.due(Date.now(), removedAtOnce)) this.#accounts.remove(id);
    await this.#events.send(Date.now());
    await this.#setAlarm();
  }

  #draw({ organizationId, region }: LimiterPlace, ask: DrawAsk): { readonly reply: DrawReply; readonly shortBy: number } {
    const id = rowIdOf(ask);
    const known = this.#accounts.read(id);
    const root = known === null ? this.#begin(ask) : adoptTerms(known, ask.terms);
    const earlier = this.#earlier(root, region);
    const drawn = draw(root, region, ask.report, ask.waiting, earlier);
    this.#write(organizationId, id, drawn.root, ask.hasRefused === true ? region : null);
    if (known === null && drawn.root.window.endMs !== null) this.ctx.waitUntil(this.#setAlarm());
    return { reply: { grant: drawn.grant, standing: standingIn(drawn.root, region, earlier) }, shortBy: drawn.shortBy };
  }

  #begin(ask: DrawAsk): StoredRoot {
    const root = newRoot(ask);
    // A slot in which nobody called has no account.
    const [previous] = this.#earlierAccounts(root);
    if (previous === undefined) return root;
    return { ...root, raised: raisedBefore(previous.raised, root.terms, this.#earlier(root, null).everywhere) };
  }

  /** Newest first. */
  #earlierAccounts({ terms, counted, window }: StoredRoot): readonly StoredRoot[] {
    const ids = earlierWindows(terms.window, window).map((windowId) => bookIdOf(terms.limitId, windowId, counted));
    return ids.map((id) => this.#accounts.read(id)).filter((account) => account !== null);
  }

  /** `region: null`: of none apart. */
  #earlier(root: StoredRoot, region: Region | null): Earlier {
    return earlierOf(this.#earlierAccounts(root), region);
  }

  /** Wants back what lies idle in other regions, and takes in what they say. `asking: null`: in all of them. */
  async #recallFor(organizationId: OrganizationId, asking: Region | null, ids: readonly string[]): Promise<void> {
    const recalls = new Map<Region, Recall[]>();
    for (const id of ids) {
      const root = this.#accounts.read(id);
      if (root === null) continue;
      for (const { region, link } of idleRegions(root, asking)) {
        // After a limit was lowered, only what is out beyond it, or beyond the region's own, must come back.
        if (asking === null && freeOf(root.account) >= 0 && !isOverIn(root, region)) continue;
        recalls.set(region, [...(recalls.get(region) ?? []), { book: id, grant: grantOf(link, 0) }]);
      }
    }
    await this.#ask(organizationId, recalls);
  }

  /** Asks every region how these accounts stand. */
  async #hearOf(organizationId: OrganizationId, ids: readonly string[]): Promise<void> {
    const recalls = new Map<Region, Recall[]>();
    for (const id of ids) {
      for (const [region, link] of Object.entries(this.#accounts.read(id)?.links ?? {})) {
        const known = regionSchema.parse(region);
        recalls.set(known, [...(recalls.get(known) ?? []), { book: id, grant: grantOf(link, null) }]);
      }
    }
    await this.#ask(organizationId, recalls);
  }

  async #ask(organizationId: OrganizationId, recalls: ReadonlyMap<Region, readonly Recall[]>): Promise<void> {
    const nowMs = Date.now();
    const awake = [...recalls].filter(([region]) => (this.#resting.get(region) ?? 0) <= nowMs);
    await Promise.all(
      awake.map(async ([region, wanted]) => {
        const place = { organizationId, region };
        try {
          const replies = await within(answerOf(limiterStub(this.env, place).recall(place, wanted)), recallWithinMs);
          this.ctx.storage.transactionSync(() => {
            for (const { book, report } of replies) {
              const root = this.#accounts.read(book);
              if (root !== null && report !== null) this.#write(organizationId, book, hear(root, region, report), null);
            }
          });
        } catch (error) {
          this.#resting.set(region, Date.now() + restMs);
          log("limiter_unreachable", { region, error });
        }
      }),
    );
  }

  /** Stores an account, with what an admin should hear of it. `refusedIn`: a region that refused a call. */
  #write(organizationId: OrganizationId, id: string, root: StoredRoot, refusedIn: Region | null): void {
    const { endMs } = root.window;
    const spent = standingOf(root).spent + this.#earlier(root, null).everywhere;
    const { raised, events } = raiseEvents(root, spent, refusedIn);
    this.#accounts.write(id, { ...root, raised }, endMs === null ? null : endMs + keptAfterEndMs);
    if (events.length === 0) return;
    const nowMs = Date.now();
    for (const event of events)
      this.#events.put(organizationId, toLimitEvent(root, event, { eventId: uuidV7(nowMs), spent, nowMs }), nowMs);
    this.ctx.waitUntil(this.#setAlarm());
  }

  async #setAlarm(): Promise<void> {
    const nowMs = Date.now();
    const removeAtMs = this.#accounts.nextDueAtMs();
    const sendAtMs = this.#events.nextDueAtMs();
    const dueAtMs = Math.min(
      removeAtMs === null ? Number.POSITIVE_INFINITY : Math.max(removeAtMs, nowMs + removeEveryMs),
      sendAtMs ?? Number.POSITIVE_INFINITY,
    );
    if (Number.isFinite(dueAtMs)) await this.ctx.storage.setAlarm(Math.max(dueAtMs, nowMs));
  }
}

function rowIdOf({ terms, window, counted }: DrawAsk): string {
  return bookIdOf(terms.limitId, window.id, counted);
}

function isPresent(root: StoredRoot, nowMs: number): boolean {
  return root.window.startMs <= nowMs && !isOver(root, nowMs);
}

function isOver({ window }: StoredRoot, nowMs: number): boolean {
  return window.endMs !== null && window.endMs <= nowMs;
}
