import { afterEach, describe, test, vi } from "vitest";
import { log, type LogFields } from "./log.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** The lines that were written, parsed, each with the method of the console that wrote it. */
function capture() {
  const spies = (["info", "warn", "error"] as const).map((level) => ({ level, spy: vi.spyOn(console, level).mockReturnValue(undefined) }));
  return () => spies.flatMap(({ level, spy }) => spy.mock.calls.map(([line]): unknown => ({ level, line: JSON.parse(String(line)) })));
}

describe("a line of the log", () => {
  test("is one object of JSON, at the level of its event", ({ expect }) => {
    const lines = capture();
    log("append_failed", { region: "us-east", shard: 0, attempt: 2 });
    log("spans_lost", { count: 3 });
    log("retention_done", { region: "eu-west" });
    expect(lines()).toEqual([
      { level: "info", line: { level: "info", event: "retention_done", region: "eu-west" } },
      { level: "warn", line: { level: "warn", event: "append_failed", region: "us-east", shard: 0, attempt: 2 } },
      { level: "error", line: { level: "error", event: "spans_lost", count: 3 } },
    ]);
  });

  test("holds nothing that its fields may not hold", ({ expect }) => {
    const lines = capture();
    const words = "the words of a person";
    const fields: readonly LogFields[] = [
      { region: words },
      { objectKey: words },
      { objectKey: `raw/us-east/${words}` },
      { code: "postgres://user:hidden@host/db" },
      { keyId: `ef_${"a".repeat(16)}_${"b".repeat(43)}` },
      { count: 1.5 },
    ];
    for (const each of fields) log("object_not_stored", each);
    log("object_not_stored", Object.fromEntries([["payload", words]]));
    expect(
      lines()
        .map((line) => JSON.stringify(line))
        .join("\n"),
    ).not.toMatch(/words|hidden|bbbb|1\.5/);
    expect(lines()).toHaveLength(7);
    expect(lines().at(-1)).toEqual({ level: "warn", line: { level: "warn", event: "object_not_stored", payload: "[withheld]" } });
  });

  test("tells of an error its code, or its class, and where it was thrown, and none of its words", ({ expect }) => {
    const lines = capture();
    const cause = Object.assign(new Error("connect to hidden-host with hidden-word"), { code: "ECONNREFUSED" });
    function failing(): never {
      throw new TypeError("hidden-word in row", { cause });
    }
    try {
      failing();
    } catch (error) {
      log("request_failed", { error });
    }
    log("request_failed", { error: "hidden-word" });
    log("request_failed", { error: new RangeError("hidden-word") });
    log("request_failed", { error: Object.assign(new Error("x"), { name: "hidden word", code: "hidden word" }) });
    const told = lines();
    expect(JSON.stringify(told)).not.toMatch(/hidden/);
    expect(told[0]).toMatchObject({ line: { error: { class: "ECONNREFUSED" } } });
    expect(JSON.stringify(told[0])).toContain("failing");
    expect(told[1]).toMatchObject({ line: { error: { class: "string" } } });
    expect(told[2]).toMatchObject({ line: { error: { class: "RangeError" } } });
    expect(told[3]).toMatchObject({ line: { error: { class: "[withheld]" } } });
  });
});
