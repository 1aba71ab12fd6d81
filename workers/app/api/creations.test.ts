import { afterAll, beforeAll, describe, test, vi } from "vitest";
import * as z from "zod";
import { createApiKey } from "#core/contracts/api/api-keys.ts";
import type { Endpoint } from "#core/contracts/api/endpoint.ts";
import { endpoints } from "#core/contracts/api/endpoints.ts";
import { createKey } from "#core/contracts/api/keys.ts";
import { startControl, type Control } from "./control.fixture.ts";
import { forgetOldAnswers } from "./idempotency.ts";

let control: Control;
let keyId: string;

beforeAll(async () => {
  control = await startControl();
  keyId = (await control.make(createKey.output, "POST", `/api/projects/${control.projectId}/keys`, { body: { name: "rotated" } })).keyId;
});
afterAll(async () => {
  await control.stop();
});

/** What each creation is asked; a new one must be added here. */
const bodies: Readonly<Record<string, unknown>> = {
  createOrganization: { name: "Acme" },
  createProject: { name: "Chat", homeRegion: "eu-west" },
  createKey: { name: "app" },
  rotateKey: undefined,
  createApiKey: { name: "ci", scopes: ["read"] },
  createBudget: { name: "b", amount: { totalNanoUsd: 1 }, window: { kind: "never" } },
  createRateLimit: { name: "r", measure: "requests", limit: 1 },
};
/** Of limits each must be of another subject. */
const bodyOf = (name: string, key: string): unknown =>
  /Budget|RateLimit/.test(name) ? { ...Object(bodies[name]), subject: { kind: "user", id: key } } : bodies[name];
const creations = Object.entries<Endpoint>(endpoints).filter(([, endpoint]) => endpoint.creates === true);
const filled = (path: string) =>
  path.replace("{projectId}", control.projectId).replace("{organizationId}", control.organizationId).replace("{keyId}", keyId);
const secretsOf = async () => JSON.stringify(await control.query("SELECT secret_hash FROM virtual_keys ORDER BY key_id"));
const countRows = async () =>
  z
    .array(z.object({ rows: z.int() }))
    .parse(
      await control.query(
        "SELECT (SELECT count(*) FROM organizations)::int + (SELECT count(*) FROM projects)::int + (SELECT count(*) FROM virtual_keys)::int + (SELECT count(*) FROM api_keys)::int + (SELECT count(*) FROM limits)::int AS rows",
      ),
    )[0]?.rows;

test("every creation of the table is tried here", ({ expect }) => {
  expect(creations.map(([name]) => name).toSorted()).toEqual(Object.keys(bodies).toSorted());
});

describe.for(creations)("%s", ([name, { method, path }]) => {
  const send = async (key: string, body = bodyOf(name, key)) =>
    await control.ask(method, filled(path), { headers: { "idempotency-key": key }, ...(body === undefined ? {} : { body }) });

  test("sent again under its idempotency key answers the same and makes nothing", async ({ expect }) => {
    const first = await send(`again-${name}`);
    const [rows, secrets] = [await countRows(), await secretsOf()];
    const second = await send(`again-${name}`);
    expect([first.status, first.headers.get("idempotency-replayed")]).toEqual([200, null]);
    expect([second.status, second.headers.get("idempotency-replayed"), second.body]).toEqual([200, "true", first.body]);
    expect([await countRows(), await secretsOf()]).toEqual([rows, secrets]);
  });

  test("sent twice at once is done once", async ({ expect }) => {
    const before = (await countRows()) ?? 0;
    const answers = await Promise.all([1, 2, 3, 4].map(async () => await send(`at-once-${name}`)));
    const made = answers.filter(({ status, headers }) => status === 200 && headers.get("idempotency-replayed") === null);
    expect(made).toHaveLength(1);
    for (const { status, headers, body } of answers) {
      if (status === 200) expect(body).toEqual(made[0]?.body);
      else {
        expect([status, headers.get("retry-after")]).toEqual([409, "1"]);
        expect(body).toMatchObject({ error: { code: "conflict", param: "idempotency-key" } });
      }
    }
    expect((await countRows()) ?? 0).toBe(before + (name === "rotateKey" ? 0 : 1));
  });
});

const keysPath = () => `/api/projects/${control.projectId}/keys`;

describe("an idempotency key", () => {
  const withKey = (key: string) => ({ headers: { "idempotency-key": key } });
  const conflict = {
    status: 409,
    body: { error: { code: "conflict", param: "idempotency-key", message: "This `Idempotency-Key` was used for another request." } },
  };

  test("is refused for another request, at the same address or another", async ({ expect }) => {
    await control.ask("POST", keysPath(), { ...withKey("used"), body: { name: "one" } });
    expect(await control.ask("POST", keysPath(), { ...withKey("used"), body: { name: "two" } })).toMatchObject(conflict);
    expect(await control.ask("POST", "/api/organizations", { ...withKey("used"), body: { name: "one" } })).toMatchObject(conflict);
    // The same request, in other words.
    expect(await control.ask("POST", keysPath(), { ...withKey("used"), body: { onDisconnect: "cancel", name: "one" } })).toMatchObject({
      status: 200,
      body: { name: "one" },
    });
  });

  test("is its caller's own", async ({ expect }) => {
    const made = async (scopes: string[]) =>
      await control.make(createApiKey.output, "POST", `/api/projects/${control.projectId}/api-keys`, { body: { name: "caller", scopes } });
    const [one, other] = [await made(["write"]), await made(["write"])];
    const ask = async (key: string) =>
      await control.make(createKey.output, "POST", keysPath(), { ...withKey("mine"), key, body: { name: "n" } });
    expect((await ask(one.key)).keyId).not.toBe((await ask(other.key)).keyId);
    expect(await ask(one.key)).toEqual(await ask(one.key));
  });

  test("of a request that failed may be used again", async ({ expect }) => {
    const missing = `/api/projects/0193c5a0-0000-7000-8000-0000000000ff/keys`;
    expect((await control.ask("POST", missing, { ...withKey("failed"), body: { name: "n" } })).status).toBe(404);
    expect((await control.ask("POST", keysPath(), { ...withKey("failed"), body: { name: "n" } })).status).toBe(200);
  });

  test.for(["", "a b", "\u00e9", "x".repeat(256)])("that is none is refused: %j", async (key, { expect }) => {
    const { status, body } = await control.ask("POST", keysPath(), {
      headers: { "idempotency-key": key },
      body: { name: "n" },
    });
    expect([status, body]).toMatchObject([400, { error: { code: "invalid_header", param: "idempotency-key" } }]);
  });

  test("is forgotten after a day, and its answer is sealed until then", async ({ expect }) => {
    const asked = { ...withKey("a-day"), body: { name: "secret-name" } };
    const first = await control.make(createKey.output, "POST", keysPath(), asked);
    const stored = JSON.stringify(await control.query("SELECT * FROM idempotency_keys"));
    expect([stored.includes("a-day"), stored.includes("secret-name"), stored.includes(first.key)]).toEqual([true, false, false]);
    await forgetOldAnswers(control.env, Date.now() + 86_390_000);
    expect(await control.make(createKey.output, "POST", keysPath(), asked)).toEqual(first);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 86_410_000 });
    expect((await control.make(createKey.output, "POST", keysPath(), asked)).keyId).not.toBe(first.keyId);
    vi.useRealTimers();
    await forgetOldAnswers(control.env, Date.now() + 2 * 86_410_000);
    expect(await control.query("SELECT * FROM idempotency_keys")).toEqual([]);
  });

  test("of a request that died with its isolate may be used again after a minute, not before", async ({ expect }) => {
    await control.ask("POST", keysPath(), { ...withKey("died"), body: { name: "n" } });
    await control.query("UPDATE idempotency_keys SET sealed_answer = NULL");
    const again = async () => (await control.ask("POST", keysPath(), { ...withKey("died"), body: { name: "n" } })).status;
    expect(await again()).toBe(409);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
    expect(await again()).toBe(200);
    vi.useRealTimers();
  });
});
