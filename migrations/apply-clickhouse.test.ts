import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { createClient } from "@clickhouse/client-web";
import { afterAll, beforeAll, describe, test } from "vitest";
import { startClickhouse } from "./clickhouse.fixture.ts";
import type { Applied } from "./applied.ts";
import { applyClickhouse } from "./apply-clickhouse.ts";

const databases = ["whole", "half_way", "changed", "older", "named"] as const;
/** Written out: a file that is renamed or gone would else be missed by nothing. */
const files = [
  "0001_spans.sql",
  "0002_trace_index.sql",
  "0003_no_moved_starts.sql",
  "0004_merge_many_at_once.sql",
  "0005_merge_small_parts_alone.sql",
  "0006_cache_writes_for_an_hour.sql",
  "0007_api.sql",
  "0008_rollups.sql",
  "0009_search.sql",
  "0010_scores.sql",
  "0011_what_operations_look_up.sql",
  "0013_histories_within_a_window.sql",
  "0014_search_what_is_new.sql",
  "0015_smaller_texts.sql",
  "0016_compress_texts_later.sql",
  "0017_merge_what_is_old.sql",
  "0018_trace_times.sql",
  "0019_plain_names.sql",
] as const;
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

/** A folder with the files of an earlier day. */
async function filesBefore(number: string): Promise<string> {
  const older = path.join(folder, `before-${number}`);
  const whole = fileURLToPath(new URL("clickhouse", import.meta.url));
  for (const file of files.filter((name) => name < number)) await cp(path.join(whole, file), path.join(older, file));
  return older;
}

const messageOf = (result: Applied) => (result.kind === "failed" ? result.message : "applied");

describe("applying ClickHouse migrations", () => {
  test("an empty database gets every file, and a second run finds nothing to do", async ({ expect }) => {
    expect(await applyClickhouse("us-east", server.url("whole"))).toEqual({
      kind: "applied",
      applied: files.map((file) => `ClickHouse us-east/${file}`),
    });
    expect(await applyClickhouse("us-east", server.url("whole"))).toEqual({ kind: "applied", applied: [] });
    expect(await rows("whole", "SELECT name, state FROM schema_migrations ORDER BY name, state")).toEqual(
      files.flatMap((name) => [
        { name, state: "started" },
        { name, state: "done" },
      ]),
    );
  });

  test("when traces began is known of those that were stored before there was a table of it in fine granules, and of later ones", async ({
    expect,
  }) => {
    expect(messageOf(await applyClickhouse("us-east", server.url("older"), await filesBefore("0018")))).toBe("applied");
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

  test("tags, tools and metadata of spans of an earlier day are read as before, and so are those of later ones", async ({ expect }) => {
    expect(messageOf(await applyClickhouse("us-east", server.url("named"), await filesBefore("0019")))).toBe("applied");
    const insert = async (span: string) =>
      await command(
        "named",
        `INSERT INTO spans (project_id, trace_id, span_id, started_at, tags, tool_names, metadata_text, metadata_number, metadata_boolean)
        VALUES (toUUID('00000000-0000-7000-8000-000000000001'), 'a', '${span}', '2026-11-01 10:00:00', ['x', 'é'], ['search'],
          map('ticket', 'T-1'), map('size', 0.5), map('beta', true))`,
      );
    await insert("first");
    expect(messageOf(await applyClickhouse("us-east", server.url("named")))).toBe("applied");
    await insert("second");
    const named = {
      tags: ["x", "é"],
      tool_names: ["search"],
      metadata_text: { ticket: "T-1" },
      metadata_number: { size: 0.5 },
      metadata_boolean: { beta: true },
    };
    expect(await rows("named", `SELECT ${Object.keys(named).join(", ")} FROM spans FINAL ORDER BY span_id`)).toEqual([named, named]);
    expect(
      await rows(
        "named",
        "SELECT name FROM system.columns WHERE database = currentDatabase() AND table = 'spans' AND type LIKE '%(LowCardinality%)'",
      ),
    ).toEqual([]);
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
