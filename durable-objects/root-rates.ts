import { answerOf, limiterStub, type LimiterBinding } from "#adapters/limits/stubs.ts";
import { log } from "#adapters/log.ts";
import { within } from "#adapters/within.ts";
import type { LimiterPlace, ShareAsk, ShareReply } from "#core/limits/limiter-rpc.ts";
import {
  fairSharesOf,
  hearRate,
  newRootRate,
  replyOf,
  richRegions,
  storedRootRateSchema,
  tell,
  type StoredRootRate,
} from "#core/limits/root-rate.ts";
import { regionSchema, type Region } from "#core/contracts/region.ts";
import { RowStore } from "./row-store.ts";

const shareWithinMs = 1_500;

/** The rate limits of an organisation, divided among its regions: less is told before more, and stored before it is told. */
export class RootRates {
  readonly #rows: RowStore<StoredRootRate>;
  readonly #storage: DurableObjectStorage;
  readonly #env: LimiterBinding;

  constructor(storage: DurableObjectStorage, env: LimiterBinding) {
    this.#rows = new RowStore(storage.sql, "rate", storedRootRateSchema);
    this.#storage = storage;
    this.#env = env;
  }

  /** Gives each ask its share; others that have more than theirs are told first, where the call that asks waits for it. */
  async share(place: LimiterPlace, asks: readonly ShareAsk[]): Promise<readonly ShareReply[]> {
    if (asks.length === 0) return [];
    await this.#lower(place, asks);
    return this.#storage.transactionSync(() =>
      asks.map((ask) => {
        const heard = this.#hear(place.region, ask);
        const told = tell(heard, place.region, fairSharesOf(heard, place.region, ask.burst)[place.region] ?? { limit: 0, burst: 0 });
        this.#write(told);
        return replyOf(told, place.region);
      }),
    );
  }

  /** Two steps: what others would use of it, then, where they have more than is fair, that it is less. Also where its terms are new. */
  async #lower({ organizationId, region: asking }: LimiterPlace, asks: readonly ShareAsk[]): Promise<void> {
    const waiting = asks.filter((ask) => ask.burst > 0 || ask.terms.version > (this.#rows.read(idOf(ask))?.version ?? ask.terms.version));
    for (const isTelling of [false, true]) {
      const wanted = this.#storage.transactionSync(() => this.#toTell(asking, waiting, isTelling));
      await Promise.all(
        [...Map.groupBy(wanted, ({ region }) => region)].map(async ([region, shares]) => {
          const place = { organizationId, region };
          try {
            const replies = await within(answerOf(limiterStub(this.#env, place).reshare(place, shares)), shareWithinMs);
            this.#storage.transactionSync(() => {
              for (const reply of replies) this.#write(this.#hear(region, reply));
            });
          } catch (error) {
            log("limiter_unreachable", { region, error });
          }
        }),
      );
    }
  }

  /** What other regions are told; before any of it, what they have. */
  #toTell(asking: Region, asks: readonly ShareAsk[], isTelling: boolean) {
    return asks.flatMap((ask) => {
      const heard = this.#hear(asking, ask);
      const fair = fairSharesOf(heard, asking, ask.burst);
      let told = heard;
      const rich = isTelling
        ? richRegions(heard, fair, asking)
        : regionSchema.options.filter((region) => region !== asking && heard.shares.rows.some(({ holder }) => holder === region));
      if (isTelling) for (const region of rich) told = tell(told, region, fair[region] ?? { limit: 0, burst: 0 });
      this.#write(told);
      return rich.map((region) => ({ region, terms: ask.terms, counted: ask.counted, share: replyOf(told, region) }));
    });
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
