import * as z from "zod";
import { log } from "#adapters/log.ts";
import { connect, type PostgresEnvironment } from "#adapters/postgres/database.ts";
import { insertLimitEvents } from "#adapters/postgres/limit-events.ts";
import { organizationIdSchema, type OrganizationId } from "#core/contracts/id.ts";
import { limitEventSchema, type LimitEvent } from "#core/contracts/limit-event.ts";
import { RowStore } from "./row-store.ts";

const rowSchema = z.object({ organizationId: organizationIdSchema, event: limitEventSchema });

const atOnceMax = 100;
const retryMs = 5_000;

/**
 * Events on their way to Postgres: stored in one transaction with the step that raised them, and removed when Postgres has
 * them. One that is brought twice is there once, by its id.
 */
export class EventOutbox {
  readonly #rows: RowStore<z.infer<typeof rowSchema>>;
  readonly #storage: DurableObjectStorage;
  readonly #env: PostgresEnvironment;
  /** Postgres did not take them: not before. */
  #restUntilMs = 0;

  constructor(storage: DurableObjectStorage, env: PostgresEnvironment) {
    this.#storage = storage;
    this.#env = env;
    this.#rows = new RowStore(storage.sql, "event", rowSchema);
  }

  put(organizationId: OrganizationId, event: LimitEvent, nowMs: number): void {
    this.#rows.write(event.eventId, { organizationId, event }, nowMs);
  }

  /** `null`: none waits. */
  nextDueAtMs(): number | null {
    const dueAtMs = this.#rows.nextDueAtMs();
    return dueAtMs === null ? null : Math.max(dueAtMs, this.#restUntilMs);
  }

  /** Brings what waits to Postgres. Never throws. */
  async send(nowMs: number): Promise<void> {
    if (nowMs < this.#restUntilMs) return;
    const rows = this.#rows.due(nowMs, atOnceMax).flatMap((id) => this.#rows.read(id) ?? []);
    if (rows.length === 0) return;
    try {
      const refused = await insertLimitEvents(connect(this.#env), rows);
      if (refused > 0) log("limit_events_refused", { count: refused });
      this.#storage.transactionSync(() => {
        for (const { event } of rows) this.#rows.remove(event.eventId);
      });
    } catch (error) {
      this.#restUntilMs = nowMs + retryMs;
      log("limit_events_not_stored", { count: rows.length, error });
    }
  }
}
