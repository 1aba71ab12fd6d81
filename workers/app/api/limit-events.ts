import { connect } from "#adapters/postgres/database.ts";
import { readLimitEvents } from "#adapters/postgres/limit-events.ts";
import { attempt } from "#adapters/unavailable.ts";
import { findOrganization } from "./find.ts";
import type { Handler } from "./handler.ts";
import { readSettingsPage } from "./settings-page.ts";

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
