import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, test } from "vitest";
import { connect } from "#adapters/postgres/database.ts";
import { readKeySnapshot } from "#adapters/postgres/key-snapshots.ts";
import { hashKey } from "#adapters/virtual-key.ts";
import { keyIdSchema } from "#core/contracts/id.ts";
import { applyMigrations } from "./apply.ts";
import { applyPostgres } from "./apply-postgres.ts";
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
    expect(await apply()).toEqual({
      kind: "applied",
      applied: [
        "Postgres/0000_control_plane",
        "Postgres/0001_key_policy",
        "Postgres/0002_control_api",
        "Postgres/0003_limits",
        "Postgres/0004_limit_events",
        "Postgres/0005_limit_events_age",
      ],
    });
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
      route: [],
      onDisconnect: "cancel",
      teamId: null,
      limits: null,
      payloads: "stored",
      masking: [],
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

  test("is refused where it is newer than the files, and where a file is older than what was applied", async ({ expect }) => {
    const folder = await mkdtemp(join(tmpdir(), "evalforge-migrations-"));
    const writeFiles = async (entries: readonly { readonly when: number; readonly tag: string }[]) => {
      await mkdir(join(folder, "meta"), { recursive: true });
      await writeFile(
        join(folder, "meta/_journal.json"),
        JSON.stringify({ entries: entries.map((entry) => ({ ...entry, breakpoints: true })) }),
      );
      for (const { tag } of entries) await writeFile(join(folder, `${tag}.sql`), `CREATE TABLE "${tag}" (id int);`);
    };
    const applyHere = async () => await applyPostgres(server.databaseUrl, folder);
    try {
      await server.query("TRUNCATE drizzle.__drizzle_migrations");
      await writeFiles([
        { when: 1_000, tag: "0000_a" },
        { when: 3_000, tag: "0001_b" },
      ]);
      expect(await applyHere()).toEqual({ kind: "applied", applied: ["Postgres/0000_a", "Postgres/0001_b"] });
      await writeFiles([
        { when: 1_000, tag: "0000_a" },
        { when: 3_000, tag: "0001_b" },
        { when: 2_000, tag: "0002_merged_late" },
      ]);
      expect(await applyHere()).toEqual({
        kind: "failed",
        message: "Postgres: 0002_merged_late comes before 0001_b, which is already applied. Give it a later number.",
      });
      await writeFiles([{ when: 1_000, tag: "0000_a" }]);
      expect(await applyHere()).toEqual({
        kind: "failed",
        message:
          "Postgres: the migration of 1970-01-01T00:00:03.000Z was applied here and is not among the files. " +
          "This code is older than the database: use a newer one.",
      });
    } finally {
      await rm(folder, { recursive: true });
    }
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
