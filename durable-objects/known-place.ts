import * as z from "zod";
import { organizationIdSchema } from "#core/contracts/id.ts";
import { regionSchema } from "#core/contracts/region.ts";
import type { LimiterPlace } from "#core/limits/limiter-rpc.ts";
import { RowStore } from "./row-store.ts";

const placeSchema = z.object({ organizationId: organizationIdSchema, region: regionSchema });

/** Whose limiter an object is: an alarm wakes it without its name, so it keeps what its first caller said. */
export class KnownPlace {
  readonly #rows: RowStore<z.infer<typeof placeSchema>>;
  #place: LimiterPlace | null;

  constructor(storage: DurableObjectStorage) {
    this.#rows = new RowStore(storage.sql, "place", placeSchema);
    this.#place = this.#rows.read("");
  }

  know(place: LimiterPlace): void {
    if (this.#place !== null) return;
    this.#rows.write("", place, null);
    this.#place = place;
  }

  /** Throws where nobody has called yet. */
  get known(): LimiterPlace {
    if (this.#place === null) throw new Error("nobody has said whose limiter this is");
    return this.#place;
  }
}
