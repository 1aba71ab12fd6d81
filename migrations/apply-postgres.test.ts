import { afterAll, beforeAll, describe, test } from "vitest";
import { connect } from "#adapters/postgres/database.ts";
import { readKeySnapshot } from "#adapters/postgres/key-snapshots.ts";
import { hashKey } from "#adapters/virtual-key.ts";
import { keyIdSchema } from "#core/contracts/id.ts";
import { applyMigrations } from "./apply.ts";
import { startPostgres } from "./postgres.fixture.ts";
import { seedFirstProject } from "./seed.ts";

let server: Awaited<ReturnType<typeof startPostgres>>;

beforeAll(async () => {
  server = await startPostgres();
});

afterAll(async () => {
  await server.stop();
});

// In order: each test goes on from the database that the one before it left.
describe("a new PostgreSQL", () => {
  const apply = async () => await applyMigrations({ databaseUrl: server.databaseUrl, clickhouseUrls: {} });

  test("gets every migration, and a second run finds nothing to do", async ({ expect }) => {
    expect(await apply()).toEqual({ kind: "applied", applied: ["Postgres/0000_control_plane"] });
    expect(await apply()).toEqual({ kind: "applied", applied: [] });
  });

  test("gets a first organisation, project and key, once; only the key's hash is stored", async ({ expect }) => {
    const made = await seedFirstProject({ databaseUrl: server.databaseUrl });
    if (made.kind !== "made") throw new Error("nothing was made");
    const { organizationId, projectId, apiKey } = made;
    expect(await seedFirstProject({ databaseUrl: server.databaseUrl })).toEqual({ kind: "exists", organizationId, projectId });
    expect(JSON.stringify(await server.query("SELECT * FROM virtual_keys"))).not.toContain(apiKey.slice(-43));

    const keyId = keyIdSchema.parse(apiKey.slice(3, 19));
    expect(await readKeySnapshot(connect(server.env), keyId)).toEqual({
      keyId,
      secretHash: await hashKey(apiKey),
      organizationId,
      projectId,
      homeRegion: "us-east",
      record: "normal",
      revoked: false,
      credentials: {},
      priceOverrides: {},
    });
    expect(await readKeySnapshot(connect(server.env), keyIdSchema.parse("0".repeat(16)))).toBe(null);
  });

  test("tells of a migration that was changed after it was applied, by name", async ({ expect }) => {
    await server.query("UPDATE drizzle.__drizzle_migrations SET hash = 'another'");
    expect(await apply()).toEqual({
      kind: "failed",
      message: "Postgres: 0000_control_plane was changed after it was applied. Restore the file and put the change into a new one.",
    });
  });

  test("that a failed migration left as it was is told with the database's own reason", async ({ expect }) => {
    await server.query("TRUNCATE drizzle.__drizzle_migrations");
    const result = await apply();
    expect(result.kind === "failed" ? result.message : result.kind).toMatch(
      /^Postgres: .*relation "organizations" already exists.* Nothing of a failed migration stays; correct the cause and run this again\.$/s,
    );
    expect(await server.query("SELECT count(*)::int AS rows FROM drizzle.__drizzle_migrations")).toEqual([{ rows: 0 }]);
  });

  test("that cannot be reached is told, without its password", async ({ expect }) => {
    const result = await applyMigrations({ databaseUrl: "postgres://someone:hidden-word@127.0.0.1:9/none", clickhouseUrls: {} });
    expect(result.kind).toBe("failed");
    expect(JSON.stringify(result)).not.toContain("hidden-word");
  });
});
