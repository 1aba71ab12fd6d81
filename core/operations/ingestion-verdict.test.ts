import { describe, test } from "vitest";
import type { IngestionFacts } from "../contracts/api/ingestion.ts";
import { judgeAll, judgeRegion, lagMsOf } from "./ingestion-verdict.ts";

const calm: NonNullable<IngestionFacts["buffers"][number]["status"]> = {
  acceptedEvents: 10,
  unsealedEvents: 0,
  unsealedBytes: 0,
  unacknowledgedObjects: 0,
  oldestUnacknowledgedAgeMs: null,
  deadObjects: 0,
};

function facts(changes: Partial<IngestionFacts> = {}): IngestionFacts {
  return {
    region: "us-east",
    buffers: [{ shard: 0, status: calm }],
    waiting: { objects: 0, isComplete: true, oldestAgeMs: null },
    deadLetters: { open: 0, isComplete: true, newestAtMs: null },
    lost: { spans: 0, isComplete: true, newestAtMs: null },
    clickhouse: { status: "up", newestReceivedAtMs: 1 },
    ...changes,
  };
}

const buffer = (changes: Partial<typeof calm>) => facts({ buffers: [{ shard: 0, status: { ...calm, ...changes } }] });
const megabyte = 1024 * 1024;

describe("the verdict on a region", () => {
  test.for<readonly [name: string, verdict: string, reasons: readonly string[], given: IngestionFacts]>([
    ["nothing waits", "ok", [], facts()],
    ["what is usual waits", "ok", [], buffer({ unacknowledgedObjects: 3, oldestUnacknowledgedAgeMs: 29_999 })],
    [
      "the oldest event waits for half a minute",
      "late",
      ["buffer 0 has 3 objects that are not stored, the oldest for 30 s"],
      buffer({ unacknowledgedObjects: 3, oldestUnacknowledgedAgeMs: 30_000 }),
    ],
    [
      "the oldest event waits for five minutes",
      "stuck",
      ["buffer 0 has 1 objects that are not stored, the oldest for 300 s"],
      buffer({ unacknowledgedObjects: 1, oldestUnacknowledgedAgeMs: 300_000 }),
    ],
    [
      "a buffer will soon refuse",
      "late",
      ["buffer 0 holds 25165824 bytes that are not in the bucket, and refuses more at 33554432"],
      buffer({ unsealedBytes: 24 * megabyte }),
    ],
    [
      "a buffer refuses",
      "stuck",
      ["buffer 0 holds 33554432 bytes that are not in the bucket, and refuses more at 33554432"],
      buffer({ unsealedBytes: 32 * megabyte }),
    ],
    [
      "a buffer does not answer",
      "stuck",
      ["buffer 0 does not answer: edges go round it"],
      facts({ buffers: [{ shard: 0, status: null }] }),
    ],
    ["the sweep has yet to come", "ok", [], facts({ waiting: { objects: 2, isComplete: true, oldestAgeMs: 119_999 } })],
    [
      "the sweep has missed some",
      "late",
      ["1000 or more objects that went round a buffer wait to be stored, the oldest for 120 s"],
      facts({ waiting: { objects: 1000, isComplete: false, oldestAgeMs: 120_000 } }),
    ],
    [
      "the sweep cannot store some",
      "stuck",
      ["2 objects that went round a buffer wait to be stored, the oldest for 300 s"],
      facts({ waiting: { objects: 2, isComplete: true, oldestAgeMs: 300_000 } }),
    ],
    [
      "ClickHouse is down",
      "stuck",
      ["ClickHouse does not answer: accepted events wait in the bucket"],
      facts({ clickhouse: { status: "down" } }),
    ],
    ["a region without ClickHouse is not used", "ok", [], facts({ clickhouse: { status: "not_configured" } })],
    [
      "a region without ClickHouse is used",
      "stuck",
      ["events are accepted, but the region has no ClickHouse: set its CLICKHOUSE_URL"],
      { ...buffer({ unacknowledgedObjects: 1 }), clickhouse: { status: "not_configured" } },
    ],
    [
      "the bucket is down",
      "stuck",
      ["the bucket does not answer: whether anything waits or is dead cannot be told"],
      facts({ waiting: null, deadLetters: null, lost: null }),
    ],
    [
      "a dead letter is open, and something is late",
      "lossy",
      ["1 dead letters are open: replay or discard them", "buffer 0 has 1 objects that are not stored, the oldest for 31 s"],
      {
        ...buffer({ unacknowledgedObjects: 1, oldestUnacknowledgedAgeMs: 31_000 }),
        deadLetters: { open: 1, isComplete: true, newestAtMs: 5 },
      },
    ],
    [
      "an edge reported a loss",
      "lossy",
      ["7 spans of calls could not be recorded anywhere"],
      facts({ lost: { spans: 7, isComplete: true, newestAtMs: 5 } }),
    ],
  ])("where %s", ([, verdict, reasons, given], { expect }) => {
    expect(judgeRegion(given)).toEqual({ verdict, reasons });
  });
});

test("the whole is as bad as its worst region, whose reasons come first, each with its region", ({ expect }) => {
  expect(
    judgeAll([
      { region: "us-east", verdict: "ok", reasons: [] },
      { region: "us-west", verdict: "late", reasons: ["a"] },
      { region: "eu-west", verdict: "lossy", reasons: ["b", "c"] },
    ]),
  ).toEqual({ verdict: "lossy", reasons: ["eu-west: b", "eu-west: c", "us-west: a"] });
  expect(judgeAll([{ region: "us-east", verdict: "ok", reasons: [] }])).toEqual({ verdict: "ok", reasons: [] });
});

describe("the lag", () => {
  test("is the age of the oldest event that is not stored, wherever it waits", ({ expect }) => {
    expect(lagMsOf(facts())).toBe(0);
    const both = { ...buffer({ oldestUnacknowledgedAgeMs: 40 }), waiting: { objects: 1, isComplete: true, oldestAgeMs: 70 } };
    expect([lagMsOf(both), lagMsOf(buffer({ oldestUnacknowledgedAgeMs: 40 }))]).toEqual([70, 40]);
  });

  test("is not known where one who knows does not answer", ({ expect }) => {
    expect([lagMsOf(facts({ waiting: null })), lagMsOf(facts({ buffers: [{ shard: 0, status: null }] }))]).toEqual([null, null]);
  });
});
