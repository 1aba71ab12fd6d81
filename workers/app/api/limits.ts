import { connect } from "#adapters/postgres/database.ts";
import { readOrganizationSnapshots } from "#adapters/postgres/key-snapshots.ts";
import {
  countLimits,
  insertLimit,
  readLimit,
  readLimits,
  removeLimit,
  uniqueViolation,
  updateLimit,
  type LimitShelf,
  type StoredLimit,
} from "#adapters/postgres/limits.ts";
import { sha256 } from "#adapters/sha256.ts";
import { attempt } from "#adapters/unavailable.ts";
import { uuidV7 } from "#adapters/uuid-v7.ts";
import type { PageQuery } from "#core/contracts/api/page.ts";
import { failure } from "#core/contracts/error.ts";
import { limitIdSchema, placeOf, type LimitId, type LimitPlace } from "#core/contracts/limits.ts";
import type { AppEnvironment } from "../environment.ts";
import { change } from "./change.ts";
import { findOrganization } from "./find.ts";
import type { Handled, RequestFacts } from "./handler.ts";
import { publishSnapshots } from "./publish-snapshots.ts";
import { readSettingsPage } from "./settings-page.ts";

/** What endpoints of budgets and of rate limits have in common: `Setting` as the body says it, `Answer` as it is told. */
interface LimitFace<Answer> {
  readonly shelf: LimitShelf;
  readonly toAnswer: (stored: StoredLimit) => Answer;
}

/** All of an organisation's limits travel to the edges with each of its keys. */
const limitsMax = 100;

export const noLimit = failure("not_found", "There is no such limit in this organization.", "limitId");
const samePlace = failure("conflict", "There is a limit of the same subject, selector, and window or measure. Change that one.", "subject");
const tooMany = failure("conflict", `An organization has at most ${limitsMax} limits.`);

export async function createLimit<Answer>(
  env: AppEnvironment,
  { shelf, toAnswer }: LimitFace<Answer>,
  setting: LimitPlace,
  { remember }: RequestFacts,
): Promise<Handled<Answer>> {
  const organization = await findOrganization(env, shelf.organizationId);
  if (organization.kind !== "answered") return organization;
  const createdAtMs = Date.now();
  const stored: StoredLimit = { limitId: limitIdSchema.parse(uuidV7(createdAtMs)), setting, version: 1, createdAtMs };
  const value = toAnswer(stored);
  const placeHash = await sha256(placeOf(setting));
  const done = await attempt("postgres", async () => {
    if ((await countLimits(connect(env), shelf.organizationId)) >= limitsMax) return tooMany;
    await connect(env).batch([insertLimit(connect(env), shelf, stored, placeHash), ...(await remember(value))]);
    return null;
  });
  if (done.kind === "unavailable") return done.code === uniqueViolation ? samePlace : done;
  return done.value ?? (await published(env, shelf, value));
}

export async function listLimits<Answer>(
  env: AppEnvironment,
  { shelf, toAnswer }: LimitFace<Answer>,
  query: PageQuery,
): Promise<Handled<{ readonly rows: Answer[]; readonly nextCursor: string | null }>> {
  const page = readSettingsPage(query);
  if (page.kind === "failure") return page;
  const organization = await findOrganization(env, shelf.organizationId);
  if (organization.kind !== "answered") return organization;
  return await attempt("postgres", async () => {
    const { rows, nextCursor } = await readLimits(connect(env), shelf, page);
    return { rows: rows.map(toAnswer), nextCursor };
  });
}

export async function getLimit<Answer>(
  env: AppEnvironment,
  { shelf, toAnswer }: LimitFace<Answer>,
  limitId: LimitId,
): Promise<Handled<Answer>> {
  const read = await attempt("postgres", async () => await readLimit(connect(env), shelf, limitId));
  if (read.kind === "unavailable") return read;
  return read.value === null ? noLimit : { kind: "answered", value: toAnswer(read.value.value) };
}

export async function putLimit<Answer>(
  env: AppEnvironment,
  { shelf, toAnswer }: LimitFace<Answer>,
  limitId: LimitId,
  setting: LimitPlace,
  { ifMatch }: RequestFacts,
): Promise<Handled<Answer>> {
  const placeHash = await sha256(placeOf(setting));
  const changed = await change(ifMatch, {
    read: async () => {
      const read = await readLimit(connect(env), shelf, limitId);
      return read === null ? null : { value: toAnswer(read.value), version: read.version };
    },
    write: async (version) => {
      const stored = await updateLimit(connect(env), shelf, limitId, { setting, placeHash, version });
      return stored === null ? null : toAnswer(stored);
    },
    missing: noLimit,
  });
  if (changed.kind === "unavailable" && changed.code === uniqueViolation) return samePlace;
  return changed.kind === "answered" ? await published(env, shelf, changed.value) : changed;
}

/** None is there afterwards, whether there was one or not: who was told 503 may ask again. */
export async function deleteLimit(env: AppEnvironment, shelf: LimitShelf, limitId: LimitId): Promise<Handled<{ limitId: LimitId }>> {
  const organization = await findOrganization(env, shelf.organizationId);
  if (organization.kind !== "answered") return organization;
  const removed = await attempt("postgres", async () => await removeLimit(connect(env), shelf, limitId));
  return removed.kind === "unavailable" ? removed : await published(env, shelf, { limitId });
}

/** The answer, once every region has been told. */
async function published<Value>(env: AppEnvironment, { organizationId }: LimitShelf, value: Value): Promise<Handled<Value>> {
  const told = await publishSnapshots(env, async () => await readOrganizationSnapshots(connect(env), organizationId));
  return told.kind === "unavailable" ? told : { kind: "answered", value };
}
