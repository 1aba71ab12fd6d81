import { afterAll, beforeAll, beforeEach, describe, test, vi } from "vitest";
import * as z from "zod";
import { replaceCached, readCached } from "#adapters/redis/key-snapshot-cache.ts";
import { connect } from "#adapters/postgres/database.ts";
import { readKeySnapshot } from "#adapters/postgres/key-snapshots.ts";
import { budgetSchema, createBudget } from "#core/contracts/api/budgets.ts";
import { createKey } from "#core/contracts/api/keys.ts";
import { createRateLimit, rateLimitSchema } from "#core/contracts/api/rate-limits.ts";
import type { KeyId } from "#core/contracts/id.ts";
import { startControl, type Control } from "./control.fixture.ts";

vi.spyOn(console, "error").mockImplementation(() => undefined);

let control: Control;
let budgetsPath: string;
let ratesPath: string;

beforeAll(async () => {
  control = await startControl();
  budgetsPath = `/api/organizations/${control.organizationId}/budgets`;
  ratesPath = `/api/organizations/${control.organizationId}/rate-limits`;
});
beforeEach(async () => {
  await control.query("DELETE FROM limits");
});
afterAll(async () => {
  await control.stop();
});

const budget = {
  name: "Europe",
  subject: { kind: "organization" },
  amount: { totalNanoUsd: 20e9, perRegionNanoUsd: { "eu-west": 5e9 } },
  window: { kind: "calendar", unit: "day", timeZone: "Europe/Dublin" },
};
const rateLimit = { name: "Keys", subject: { kind: "key", id: null }, measure: "requests", limit: 60 };
const usual = { selector: { model: null, provider: null, region: null, tag: null } };
const usualBudget = { ...usual, enforcement: "hard", alertThresholds: [0.5, 0.8, 1], whenUnreachable: null };

const makeBudget = async (change: object = {}) =>
  await control.make(createBudget.output, "POST", budgetsPath, { body: { ...budget, ...change } });
const makeRateLimit = async (change: object = {}) =>
  await control.make(createRateLimit.output, "POST", ratesPath, { body: { ...rateLimit, ...change } });
const countLimits = async () =>
  z.array(z.object({ rows: z.int() })).parse(await control.query("SELECT count(*)::int AS rows FROM limits"))[0]?.rows;

describe("a limit", () => {
  test("is made with what is usual, and is found again alone and in its list, newest first", async ({ expect }) => {
    const made = await makeBudget();
    expect(made).toMatchObject({ ...budget, ...usualBudget, whenTooLarge: "refuse", whenUnpriced: "refuse", version: 1 });
    const newer = await makeBudget({ window: { kind: "never" } });
    expect((await control.ask("GET", `${budgetsPath}/${made.limitId}`)).body).toEqual(made);
    expect((await control.ask("GET", budgetsPath)).body).toEqual({ budgets: [newer, made], nextCursor: null });
    const rate = await makeRateLimit();
    expect(rate).toMatchObject({ ...rateLimit, ...usual, whenUnreachable: "open", version: 1 });
    expect((await control.ask("GET", ratesPath)).body).toEqual({ rateLimits: [rate], nextCursor: null });
    // One kind's address does not show the other's.
    expect((await control.ask("GET", `${ratesPath}/${made.limitId}`)).status).toBe(404);
  });

  test("of the same subject, selector and window as another is refused, whether it is made or changed", async ({ expect }) => {
    const conflict = { status: 409, body: { error: { code: "conflict", param: "subject" } } };
    await makeBudget();
    expect(await control.ask("POST", budgetsPath, { body: { ...budget, name: "again", amount: { totalNanoUsd: 1 } } })).toMatchObject(
      conflict,
    );
    await makeRateLimit();
    const other = await makeRateLimit({ subject: { kind: "team", id: null } });
    expect(await control.ask("PUT", `${ratesPath}/${other.limitId}`, { body: rateLimit })).toMatchObject(conflict);
    expect(await countLimits()).toBe(3);
  });

  test("of a rate does not change what it measures", async ({ expect }) => {
    const { limitId } = await makeRateLimit();
    expect(await control.ask("PUT", `${ratesPath}/${limitId}`, { body: { ...rateLimit, measure: "tokens" } })).toMatchObject({
      status: 400,
      body: { error: { code: "invalid_field", param: "measure" } },
    });
  });

  test("is changed under its ETag alone, and each change has a newer version", async ({ expect }) => {
    const { limitId } = await makeRateLimit();
    const path = `${ratesPath}/${limitId}`;
    const etag = (await control.ask("GET", path)).headers.get("etag") ?? "";
    const put = async (limit: number) => await control.ask("PUT", path, { body: { ...rateLimit, limit }, headers: { "if-match": etag } });
    const changed = await put(30);
    expect([changed.status, rateLimitSchema.parse(changed.body)]).toMatchObject([200, { limit: 30, version: 2 }]);
    expect(await put(10)).toMatchObject({ status: 412, body: { error: { code: "precondition_failed" } } });
    expect((await control.ask("GET", path)).body).toMatchObject({ limit: 30, version: 2 });
  });

  test("that was removed is there no more, and removing it again says the same", async ({ expect }) => {
    const { limitId } = await makeBudget();
    const path = `${budgetsPath}/${limitId}`;
    expect((await control.ask("DELETE", path)).body).toEqual({ limitId });
    expect((await control.ask("DELETE", path)).body).toEqual({ limitId });
    expect((await control.ask("GET", path)).status).toBe(404);
  });

  test.for([
    ["a negative amount", { amount: { totalNanoUsd: -1 } }, "amount.totalNanoUsd"],
    ["a region that does not exist", { amount: { perRegionNanoUsd: { "eu-north": 1 } } }, "amount.perRegionNanoUsd.eu-north"],
    ["an unknown time zone", { window: { kind: "calendar", unit: "day", timeZone: "Europe/Atlantis" } }, "window.timeZone"],
    ["a window of zero", { window: { kind: "rolling", unit: "hour", count: 0 } }, "window.count"],
    ["a name that no store takes", { name: "a\u0000" }, "name"],
  ] as const)("with %s is refused by the field's name, and nothing is stored", async ([, change, param], { expect }) => {
    const answer = await control.ask("POST", budgetsPath, { body: { ...budget, ...change } });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: "invalid_field", param } } });
    expect(await countLimits()).toBe(0);
  });

  test("is one of at most a hundred", async ({ expect }) => {
    for (let index = 0; index < 100; index += 1) await makeRateLimit({ subject: { kind: "user", id: `u${index}` } });
    expect(await control.ask("POST", ratesPath, { body: rateLimit })).toMatchObject({ status: 409, body: { error: { code: "conflict" } } });
  });

  test("that is changed while the root of the limits cannot be reached is a 503, and stands all the same", async ({ expect }) => {
    const { limitId } = await makeBudget();
    const path = `${budgetsPath}/${limitId}`;
    const changed = await control.ask("PUT", path, { body: { ...budget, name: "told later" } });
    expect(changed).toMatchObject({ status: 503, body: { error: { code: "dependency_unavailable" } } });
    expect(budgetSchema.parse((await control.ask("GET", path)).body)).toMatchObject({ name: "told later", version: 2 });
    expect((await control.ask("GET", `${path}/state`)).status).toBe(503);
    expect((await control.ask("GET", `${path}/ledger`)).status).toBe(503);
  });
});

describe("what edges know of limits", () => {
  const keyOf = async (team: string | null): Promise<KeyId> =>
    (await control.make(createKey.output, "POST", `/api/projects/${control.projectId}/keys`, { body: { name: "k", team } })).keyId;
  const known = async (keyId: KeyId) => {
    const cached = await readCached(control.env, "eu-west", keyId);
    return cached.kind === "hit" ? (cached.snapshot.limits?.rateLimits.map(({ limit }) => limit) ?? null) : cached;
  };

  test("each change is told at once, to the keys whose calls it may hold for, and to no other", async ({ expect }) => {
    const [search, none] = [await keyOf("search"), await keyOf(null)];
    for (const keyId of [search, none]) {
      const snapshot = await readKeySnapshot(connect(control.env), keyId);
      if (snapshot !== null) await replaceCached(control.env, "eu-west", [snapshot]);
    }
    expect([await known(search), await known(none)]).toEqual([null, null]);
    const { limitId } = await makeRateLimit({ subject: { kind: "team", id: "search" }, limit: 5 });
    await makeRateLimit({ subject: { kind: "key", id: none }, limit: 6 });
    expect([await known(search), await known(none)]).toEqual([[5], [6]]);
    await control.ask("PUT", `${ratesPath}/${limitId}`, { body: { ...rateLimit, subject: { kind: "team", id: "search" }, limit: 4 } });
    expect(await known(search)).toEqual([4]);
    await control.ask("DELETE", `${ratesPath}/${limitId}`);
    expect(await known(search)).toBe(null);
  });
});
