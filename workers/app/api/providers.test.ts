import { afterAll, beforeAll, test } from "vitest";
import { applyPostgres } from "#migrations/apply-postgres.ts";
import { startPostgres } from "#migrations/postgres.fixture.ts";
import { seedFirstProject } from "#migrations/seed.ts";
import { app } from "../http.ts";

let server: Awaited<ReturnType<typeof startPostgres>>;

beforeAll(async () => {
  server = await startPostgres();
  await applyPostgres(server.databaseUrl);
});
afterAll(async () => {
  await server.stop();
});

test("a credential is forgotten however often that is asked, so an answer that was lost can be asked for again", async ({ expect }) => {
  const { organizationId } = await seedFirstProject({ databaseUrl: server.databaseUrl });
  const ask = async (method: string, organization: string, body?: string) => {
    const headers = { authorization: "Bearer ef_admin_key" };
    const init = body === undefined ? { method, headers } : { method, headers, body };
    const env = { ...server.env, ADMIN_KEY: "ef_admin_key", CREDENTIALS_KEY: btoa("k".repeat(32)) };
    const response = await app.request(`/api/organizations/${organization}/credentials/openai`, init, env);
    return [response.status, await response.json()];
  };
  const count = async () => await server.query("SELECT count(*)::int AS credentials FROM provider_credentials");
  expect((await ask("PUT", organizationId, '{"apiKey":"sk-1"}'))[0]).toBe(200);
  expect(await count()).toEqual([{ credentials: 1 }]);
  for (const _ of [1, 2]) expect(await ask("DELETE", organizationId)).toEqual([200, { provider: "openai" }]);
  expect(await count()).toEqual([{ credentials: 0 }]);
  expect(await ask("DELETE", "0193c5a0-0000-7000-8000-0000000000ff")).toMatchObject([404, { error: { param: "organizationId" } }]);
});
