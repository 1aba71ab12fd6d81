import { answerOf, limiterStub, type LimiterBinding } from "#adapters/limits/stubs.ts";
import { log } from "#adapters/log.ts";
import { within } from "#adapters/within.ts";
import type { LimiterPlace, ShareAsk, ShareReply } from "#core/limits/limiter-rpc.ts";
import {
  fairSharesOf,
  hearRate,
  lackingOf,
  newRootRate,
  replyOf,
  richRegions,
  storedRootRateSchema,
  tell,
  type StoredRootRate,
  type UnitsLeft,
} from "#core/limits/root-rate.ts";
import { regionSchema, type Region } from "#core/contracts/region.ts";
import { RowStore } from "./row-store.ts";

const shareWithinMs = 1_500;
/** A region that did not answer is left alone for so long. */
const restMs = 5_000;

/** The rate limits of an organisation, divided among its regions: less is told before more, and stored before it is told. */
export class RootRates {
  readonly #rows: RowStore<StoredRootRate>;
  readonly #storage: DurableObjectStorage;
  readonly #env: LimiterBinding;
  /** Of each rate that is being divided, what ends with the last who waits to ask. */
  readonly #turns = new Map<string, Promise<unknown>>();
  /** Regions that did not answer, until when they are left alone. */
  readonly #resting = new Map<Region, number>();

  constructor(storage: DurableObjectStorage, env: LimiterBinding) {
    this.#rows = new RowStore(storage.sql, "rate", storedRootRateSchema);
    this.#storage = storage;
    this.#env = env;
  }

  /** Gives each ask its share; others that have more than theirs are told first, where the call that asks waits for it. */
  async share(place: LimiterPlace, asks: readonly ShareAsk[]): Promise<readonly ShareReply[]> {
    this.#resting.delete(place.region);
    return await Promise.all(asks.map(async (ask) => await this.#inTurn(idOf(ask), async () => await this.#share(place, ask))));
  }

  /** One region after another is given of a rate: what is let go for one that asks would else be taken by the next. */
  async #inTurn<Value>(id: string, work: () => Promise<Value>): Promise<Value> {
    const turn = (this.#turns.get(id) ?? Promise.resolve()).then(work);
    const ended = turn.catch(() => undefined);
    this.#turns.set(id, ended);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(id) === ended) this.#turns.delete(id);
    }
  }

  async #share(place: LimiterPlace, ask: ShareAsk): Promise<ShareReply> {
    const { region } = place;
    const lacking = lackingOf(ask);
    const areOthersAsked = ask.burst > 0 || ask.terms.version > (this.#rows.read(idOf(ask))?.version ?? ask.terms.version);
    const lefts = areOthersAsked ? await this.#lower(place, ask, lacking) : {};
    return this.#storage.transactionSync(() => {
      const heard = this.#hear(region, ask);
      const before = replyOf(heard, region).fresh;
      const told = tell(heard, region, fairSharesOf(heard, region, lacking, lefts)[region] ?? { limit: 0, burst: 0 });
      this.#write(told);
      const reply = replyOf(told, region);
      return { ...reply, isAll: reply.fresh - before < ask.burst - (ask.left ?? 0) };
    });
  }

  /**
   * Two steps: what others would use of it and have left, then, where they have more than they may keep, that it is less.
   * Also where its terms are new. Resolves to what they have left after that.
   */
  async #lower({ organizationId, region: asking }: LimiterPlace, ask: ShareAsk, lacking: number): Promise<UnitsLeft> {
    const lefts: Partial<Record<Region, number>> = {};
    for (const isTelling of [false, true]) {
      const shares = this.#storage.transactionSync(() => this.#toTell(asking, ask, lacking, isTelling ? lefts : null));
      await Promise.all(
        shares.map(async ({ region, ...share }) => {
          const place = { organizationId, region };
          try {
            const replies = await within(answerOf(limiterStub(this.#env, place).reshare(place, [share])), shareWithinMs);
            this.#storage.transactionSync(() => {
              for (const reply of replies) this.#write(this.#hear(region, reply));
            });
            for (const { left } of replies) lefts[region] = left ?? 0;
          } catch (error) {
            this.#resting.set(region, Date.now() + restMs);
            log("limiter_unreachable", { region, error });
          }
        }),
      );
    }
    return lefts;
  }

  /** What other regions are told; `lefts: null`: before any of it, what they have. */
  #toTell(asking: Region, ask: ShareAsk, lacking: number, lefts: UnitsLeft | null) {
    const heard = this.#hear(asking, ask);
    const fair = lefts === null ? null : fairSharesOf(heard, asking, lacking, lefts);
    const nowMs = Date.now();
    const holders =
      fair === null
        ? regionSchema.options.filter((region) => region !== asking && heard.shares.rows.some(({ holder }) => holder === region))
        : richRegions(heard, fair, asking);
    const hearing = holders.filter((region) => (this.#resting.get(region) ?? 0) <= nowMs);
    let told = heard;
    if (fair !== null) for (const region of hearing) told = tell(told, region, fair[region] ?? { limit: 0, burst: 0 });
    this.#write(told);
    return hearing.map((region) => ({ region, terms: ask.terms, counted: ask.counted, share: replyOf(told, region) }));
  }

  #hear(region: Region, ask: ShareAsk): StoredRootRate {
    return hearRate(this.#rows.read(idOf(ask)) ?? newRootRate(ask), region, ask);
  }

  #write(root: StoredRootRate): void {
    this.#rows.write(idOf(root), root, null);
  }
}

function idOf(
  of: { readonly counted: string } & ({ readonly limitId: string } | { readonly terms: { readonly limitId: string } }),
): string {
  return `${"terms" in of ? of.terms.limitId : of.limitId}/${of.counted}`;
}
