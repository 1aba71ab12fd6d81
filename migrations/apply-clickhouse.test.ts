import { cp, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { createClient } from "@clickhouse/client-web";
import { afterAll, beforeAll, describe, test } from "vitest";
import { startClickhouse } from "./clickhouse.fixture.ts";
import type { Applied } from "./applied.ts";
import { applyClickhouse } from "./apply-clickhouse.ts";

const databases = ["whole", "half_way", "changed", "older"] as const;
let server: Awaited<ReturnType<typeof startClickhouse>>;
let folder: string;

beforeAll(async () => {
  server = await startClickhouse(databases);
  folder = await mkdtemp(path.join(tmpdir(), "evalforge-migrations-"));
});

afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function command(database: string, query: string): Promise<void> {
  const client = createClient({ url: server.url(database) });
  try {
    await client.command({ query });
  } finally {
    await client.close();
  }
}

async function rows(database: string, query: string): Promise<unknown> {
  const client = createClient({ url: server.url(database) });
  try {
    return await (await client.query({ query, format: "JSONEachRow" })).json();
  } finally {
    await client.close();
  }
}

const messageOf = (result: Applied) => (result.kind === "failed" ? result.message : "applied");

describe("applying ClickHouse migrations", () => {
  test("an empty database gets every file, and a second run finds nothing to do", async ({ expect }) => {
    expect(await applyClickhouse("us-east", server.url("whole"))).toEqual({
      kind: "applied",
      applied: [
        "ClickHouse us-east/0001_spans.sql",
        "ClickHouse us-east/0002_trace_index.sql",
        "ClickHouse us-east/0003_no_moved_starts.sql",
        "ClickHouse us-east/0004_merge_many_at_once.sql",
        "ClickHouse us-east/0005_merge_small_parts_alone.sql",
        "ClickHouse us-east/0006_cache_writes_for_an_hour.sql",
        "ClickHouse us-east/0007_api.sql",
        "ClickHouse us-east/0008_rollups.sql",
        "ClickHouse us-east/0009_search.sql",
        "ClickHouse us-east/0010_scores.sql",
        "ClickHouse us-east/0011_what_operations_look_up.sql",
        "ClickHouse us-east/0013_histories_within_a_window.sql",
        "ClickHouse us-east/0014_search_what_is_new.sql",
        "ClickHouse us-east/0015_smaller_texts.sql",
        "ClickHouse us-east/0016_compress_texts_later.sql",
        "ClickHouse us-east/0017_merge_what_is_old.sql",
        "ClickHouse us-east/0018_trace_times.sql",
      ],
    });
    expect(await applyClickhouse("us-east", server.url("whole"))).toEqual({ kind: "applied", applied: [] });
    expect(await rows("whole", "SELECT name, state FROM schema_migrations ORDER BY name, state")).toEqual([
      { name: "0001_spans.sql", state: "started" },
      { name: "0001_spans.sql", state: "done" },
      { name: "0002_trace_index.sql", state: "started" },
      { name: "0002_trace_index.sql", state: "done" },
      { name: "0003_no_moved_starts.sql", state: "started" },
      { name: "0003_no_moved_starts.sql", state: "done" },
      { name: "0004_merge_many_at_once.sql", state: "started" },
      { name: "0004_merge_many_at_once.sql", state: "done" },
      { name: "0005_merge_small_parts_alone.sql", state: "started" },
      { name: "0005_merge_small_parts_alone.sql", state: "done" },
      { name: "0006_cache_writes_for_an_hour.sql", state: "started" },
      { name: "0006_cache_writes_for_an_hour.sql", state: "done" },
      { name: "0007_api.sql", state: "started" },
      { name: "0007_api.sql", state: "done" },
      { name: "0008_rollups.sql", state: "started" },
      { name: "0008_rollups.sql", state: "done" },
      { name: "0009_search.sql", state: "started" },
      { name: "0009_search.sql", state: "done" },
      { name: "0010_scores.sql", state: "started" },
      { name: "0010_scores.sql", state: "done" },
      { name: "0011_what_operations_look_up.sql", state: "started" },
      { name: "0011_what_operations_look_up.sql", state: "done" },
      { name: "0013_histories_within_a_window.sql", state: "started" },
      { name: "0013_histories_within_a_window.sql", state: "done" },
      { name: "0014_search_what_is_new.sql", state: "started" },
      { name: "0014_search_what_is_new.sql", state: "done" },
      { name: "0015_smaller_texts.sql", state: "started" },
      { name: "0015_smaller_texts.sql", state: "done" },
      { name: "0016_compress_texts_later.sql", state: "started" },
      { name: "0016_compress_texts_later.sql", state: "done" },
      { name: "0017_merge_what_is_old.sql", state: "started" },
      { name: "0017_merge_what_is_old.sql", state: "done" },
      { name: "0018_trace_times.sql", state: "started" },
      { name: "0018_trace_times.sql", state: "done" },
    ]);
  });

  test("when traces began is known of those that were stored before there was a table of it in fine granules, and of later ones", async ({
    expect,
  }) => {
    const older = path.join(folder, "older");
    const whole = fileURLToPath(new URL("clickhouse", import.meta.url));
    for (const file of (await readdir(whole)).filter((name) => name < "0018")) await cp(path.join(whole, file), path.join(older, file));
    expect(messageOf(await applyClickhouse("us-east", server.url("older"), older))).toBe("applied");
    const insert = async (span: string, startedAt: string) =>
      await command(
        "older",
        `INSERT INTO spans (project_id, trace_id, span_id, started_at) VALUES (toUUID('00000000-0000-7000-8000-000000000001'), 'a', '${span}', '${startedAt}')`,
      );
    await insert("first", "2026-11-01 10:00:00");
    await insert("second", "2026-11-01 11:00:00");
    expect(messageOf(await applyClickhouse("us-east", server.url("older")))).toBe("applied");
    await insert("third", "2026-11-01 12:00:00");
    expect(
      await rows(
        "older",
        "SELECT trace_id, min(first_started_at) AS first, max(last_started_at) AS last FROM trace_times GROUP BY trace_id",
      ),
    ).toEqual([{ trace_id: "a", first: "2026-11-01 10:00:00.000000", last: "2026-11-01 12:00:00.000000" }]);
    expect(await rows("older", "SELECT name FROM system.tables WHERE database = currentDatabase() AND name LIKE 'trace_index%'")).toEqual(
      [],
    );
  });

  test("a file that stopped half-way is told by name, then and on every later run, and nothing after it is applied", async ({ expect }) => {
    await writeFile(
      path.join(folder, "0001_first.sql"),
      "CREATE TABLE made (id UInt8) ENGINE = Memory;\nCREATE TABLE broken (id Nonsense) ENGINE = Memory;\n",
    );
    await writeFile(path.join(folder, "0002_second.sql"), "CREATE TABLE later (id UInt8) ENGINE = Memory;\n");

    const first = await applyClickhouse("eu-west", server.url("half_way"), folder);
    expect(messageOf(first)).toMatch(
      /^ClickHouse eu-west: 0001_first\.sql failed: .*Nonsense.* 0001_first\.sql was started and never finished\./s,
    );
    const second = await applyClickhouse("eu-west", server.url("half_way"), folder);
    expect(messageOf(second)).toMatch(/^ClickHouse eu-west: 0001_first\.sql was started and never finished\./);
    expect(await rows("half_way", "SELECT name FROM system.tables WHERE database = currentDatabase() ORDER BY name")).toEqual([
      { name: "made" },
      { name: "schema_migrations" },
    ]);
  });

  test("a file that was changed after it was applied is told by name", async ({ expect }) => {
    await writeFile(path.join(folder, "0001_first.sql"), "CREATE TABLE made (id UInt8) ENGINE = Memory;\n");
    await applyClickhouse("us-west", server.url("changed"), folder);
    await writeFile(path.join(folder, "0001_first.sql"), "CREATE TABLE made (id UInt16) ENGINE = Memory;\n");
    expect(await applyClickhouse("us-west", server.url("changed"), folder)).toEqual({
      kind: "failed",
      message: "ClickHouse us-west: 0001_first.sql was changed after it was applied. Restore the file and put the change into a new one.",
    });
  });

  test("a database that cannot be reached is told, without its password", async ({ expect }) => {
    const result = await applyClickhouse("us-east", "http://someone:hidden-word@127.0.0.1:9/nowhere");
    expect(result.kind).toBe("failed");
    expect(JSON.stringify(result)).not.toContain("hidden-word");
  });
});
