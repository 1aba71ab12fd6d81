import { log } from "#adapters/log.ts";
import { connect, type PostgresEnvironment } from "#adapters/postgres/database.ts";
import { readLimitEvents, removeOldLimitEvents } from "#adapters/postgres/limit-events.ts";
import { attempt } from "#adapters/unavailable.ts";
import { findOrganization } from "./find.ts";
import type { Handler } from "./handler.ts";
import { readSettingsPage } from "./settings-page.ts";

/** Removes what is too old. Never throws: the next minute tries again. */
export async function forgetOldLimitEvents(env: PostgresEnvironment, nowMs: number): Promise<void> {
  const done = await attempt("postgres", async () => await removeOldLimitEvents(connect(env), nowMs));
  if (done.kind === "unavailable") log("limit_events_not_removed", { code: done.code });
}

export const listLimitEvents: Handler<"listLimitEvents"> = async (env, { params: { organizationId }, query }) => {
  const page = readSettingsPage(query);
  if (page.kind === "failure") return page;
  const organization = await findOrganization(env, organizationId);
  if (organization.kind !== "answered") return organization;
  return await attempt("postgres", async () => {
    const { rows, nextCursor } = await readLimitEvents(connect(env), organizationId, query.limitId ?? null, page);
    return { events: [...rows], nextCursor };
  });
};
