import { afterAll, beforeAll, describe, test, vi } from "vitest";
import { createApiKey } from "#core/contracts/api/api-keys.ts";
import type { Endpoint } from "#core/contracts/api/endpoint.ts";
import { endpoints } from "#core/contracts/api/endpoints.ts";
import { createProject } from "#core/contracts/api/projects.ts";
import { startControl, type Control } from "./control.fixture.ts";

vi.spyOn(console, "error").mockImplementation(() => undefined);

let control: Control;
let elsewhere: string;
const keys = { read: "", write: "", both: "", elsewhere: "", revoked: "" };

beforeAll(async () => {
  control = await startControl();
  const { organizationId, projectId, make } = control;
  const body = { name: "Elsewhere", homeRegion: "eu-west" };
  elsewhere = (await make(createProject.output, "POST", `/api/organizations/${organizationId}/projects`, { body })).projectId;
  const makeKey = async (project: string, ...scopes: string[]) =>
    await make(createApiKey.output, "POST", `/api/projects/${project}/api-keys`, { body: { name: "k", scopes } });
  keys.read = (await makeKey(projectId, "read")).key;
  keys.write = (await makeKey(projectId, "write")).key;
  keys.both = (await makeKey(projectId, "read", "write")).key;
  keys.elsewhere = (await makeKey(elsewhere, "read", "write")).key;
  const revoked = await makeKey(projectId, "read", "write");
  keys.revoked = revoked.key;
  await control.ask("DELETE", `/api/projects/${projectId}/api-keys/${revoked.keyId}`);
});
afterAll(async () => {
  await control.stop();
});

/** A path of the table with ids in the place of its parameters. */
const filled = (path: string, projectId: string = control.projectId) =>
  path
    .replace("{projectId}", projectId)
    .replace("{organizationId}", control.organizationId)
    .replace("{traceId}", "a".repeat(32))
    .replace("{sha256}", "a".repeat(64))
    .replace("{keyId}", "a".repeat(16))
    .replace("{provider}", "openai")
    .replace("{region}", "us-east")
    .replace("{day}", "2026-11-24")
    .replace("{name}", "a.events.json")
    .replaceAll(/\{\w+\}/g, "a");

const refusal = (status: number, type: string, code: string, message: string, param: string | null = null) => ({
  status,
  body: { error: { message, type, param, code } },
});
const unknown = refusal(401, "authentication_error", "invalid_api_key", "This API key is not known.");
const notAllowed = (message: string, param: string | null = null) => refusal(403, "permission_error", "insufficient_scope", message, param);
const needsAdmin = notAllowed("This needs the admin key.");

describe.for(Object.entries<Endpoint>(endpoints))("%s", ([, { method, path, scope }]) => {
  const ask = async (key: string | null, projectId?: string) => {
    const { status, body } = await control.ask(method, filled(path, projectId), { key });
    return { status, body };
  };

  test("is refused without a key, with wrong ones, a revoked one and a virtual key", async ({ expect }) => {
    expect(await ask(null)).toEqual(
      refusal(
        401,
        "authentication_error",
        "missing_api_key",
        "No key was sent. Send the admin key or an API key as `Authorization: Bearer ef_…`.",
      ),
    );
    for (const wrong of ["x", `${control.env.ADMIN_KEY}x`, `${keys.both.slice(0, -1)}_`, `ef_api_${"a".repeat(16)}_${"b".repeat(43)}`]) {
      expect(await ask(wrong)).toEqual(unknown);
    }
    expect(await ask(keys.revoked)).toEqual(refusal(401, "authentication_error", "revoked_api_key", "This API key was revoked."));
    expect(await ask(`ef_${"a".repeat(16)}_${"b".repeat(43)}`)).toEqual(
      notAllowed("This is a virtual key: it calls the gateway and sends events. Send the admin key or an API key."),
    );
  });

  test("is refused with another project's key, in the same words whether the asked one exists or not", async ({ expect }) => {
    const refused = scope === "admin" ? needsAdmin : notAllowed("This key reaches only its own project.", "projectId");
    expect(await ask(keys.elsewhere)).toEqual(refused);
    expect(await ask(keys.elsewhere, "0193c5a0-0000-7000-8000-0000000000ff")).toEqual(refused);
    expect(await ask(keys.elsewhere, "none")).toEqual(refused);
  });

  test("is refused with too small a scope, which is named", async ({ expect }) => {
    const other = scope === "read" ? "write" : "read";
    const refused = scope === "admin" ? needsAdmin : notAllowed(`This needs the scope \`${scope}\`, and this key has \`${other}\`.`);
    expect(await ask(keys[other])).toEqual(refused);
  });

  test("lets in who may ask", async ({ expect }) => {
    const allowed = scope === "admin" ? [control.env.ADMIN_KEY] : [control.env.ADMIN_KEY, keys.both, keys[scope]];
    for (const key of allowed) expect([401, 403, 500]).not.toContain((await ask(key)).status);
  });
});

test("an address that is none, and a method that an address does not take, are told only to who has a key", async ({ expect }) => {
  for (const [method, path, status] of [
    ["GET", "/api/nothing", 404],
    ["PUT", "/api/organizations", 405],
  ] as const) {
    expect((await control.ask(method, path, { key: null })).status).toBe(401);
    expect((await control.ask(method, path, { key: keys.read })).status).toBe(status);
  }
});

test("nobody is admin where no admin key is set", async ({ expect }) => {
  const { app } = await import("../http.ts");
  const response = await app.request(
    "/api/organizations",
    { headers: { authorization: "Bearer undefined" } },
    { ...control.env, ADMIN_KEY: "" },
  );
  expect(response.status).toBe(401);
});

test("a key that is revoked while it is in use is refused after five seconds at most, and a known one asks no store meanwhile", async ({
  expect,
}) => {
  const path = `/api/projects/${control.projectId}`;
  const made = await control.make(createApiKey.output, "POST", `${path}/api-keys`, { body: { name: "short", scopes: ["read"] } });
  expect((await control.ask("GET", path, { key: made.key })).status).toBe(200);
  await control.ask("DELETE", `${path}/api-keys/${made.keyId}`);
  expect((await control.ask("GET", path, { key: made.key })).status).toBe(200);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 5_000 });
  expect(await control.ask("GET", path, { key: made.key })).toMatchObject({ status: 401, body: { error: { code: "revoked_api_key" } } });
  vi.useRealTimers();
});
