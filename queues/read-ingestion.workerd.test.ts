import { env } from "cloudflare:workers";
import { test, vi } from "vitest";
import { replacing } from "#adapters/recorder/replacing.fixture.ts";
import { createObject } from "#adapters/r2/create-object.ts";
import { waitingPrefix } from "#adapters/r2/edge-object.ts";
import { writeLostReport } from "#adapters/r2/lost-report.ts";
import { encodeFrame } from "#core/ingest/frame.ts";
import { spanFixture } from "#core/ingest/span.fixture.ts";
import { captureClickhouse, clickhouseUrls } from "./clickhouse.fixture.ts";
import { writeDeadLetter } from "./dead-letter.ts";
import { readIngestion } from "./read-ingestion.ts";

const wire = captureClickhouse();
const appEnv = { ...env, ...clickhouseUrls };

test("what waits anywhere in a region is told, with its age, and what another region has is not", async ({ expect }) => {
  const nowMs = Date.now();
  const empty = {
    region: "us-west",
    buffers: [
      {
        shard: 0,
        status: {
          acceptedEvents: 0,
          unsealedEvents: 0,
          unsealedBytes: 0,
          unacknowledgedObjects: 0,
          oldestUnacknowledgedAgeMs: null,
          deadObjects: 0,
        },
      },
    ],
    waiting: { objects: 0, isComplete: true, oldestAgeMs: null },
    deadLetters: { open: 0, isComplete: true, newestAtMs: null },
    lost: { spans: 0, isComplete: true, newestAtMs: null },
    clickhouse: { status: "up", newestReceivedAtMs: 1_795_000_000_000.25 },
  };
  wire.newestMicros = 1_795_000_000_000_250;
  expect(await readIngestion(appEnv, "us-west", nowMs)).toEqual(empty);

  const buffer = env.EVENT_BUFFER.getByName("us-east:0");
  await buffer.append("a", encodeFrame(JSON.stringify(spanFixture())));
  await vi.waitFor(async () => expect(await buffer.status()).toMatchObject({ sealedUnacknowledged: 1, unsealedBytes: 0 }), 15_000);
  await createObject(env.BUCKET_US_EAST, `${waitingPrefix}raw/us-east/2026-11-24/edge-1/0`, "", { mediaType: "text/plain" });
  await writeDeadLetter(env, { region: "us-east", key: "x", reason: "r", events: [], atMs: nowMs });
  const report = { region: "us-east", id: crypto.randomUUID(), spans: 3, atMs: nowMs } as const;
  await writeLostReport(env, report);
  await writeLostReport(env, report);
  await writeLostReport(env, { ...report, id: crypto.randomUUID(), spans: 4, atMs: nowMs - 86_400_000 });
  await writeLostReport(env, { ...report, id: crypto.randomUUID(), spans: 100, atMs: nowMs - 3 * 86_400_000 });
  const later = await readIngestion(appEnv, "us-east", Date.now() + 60_000);
  expect(later).toMatchObject({
    buffers: [{ shard: 0, status: { acceptedEvents: 1, unacknowledgedObjects: 1, deadObjects: 0 } }],
    waiting: { objects: 1, isComplete: true },
    deadLetters: { open: 1, isComplete: true },
    lost: { spans: 7, isComplete: true },
  });
  for (const ageMs of [later.buffers[0]?.status?.oldestUnacknowledgedAgeMs, later.waiting?.oldestAgeMs]) {
    expect(ageMs).toBeGreaterThanOrEqual(60_000);
    expect(ageMs).toBeLessThan(120_000);
  }
  expect(await readIngestion(appEnv, "us-west", nowMs)).toEqual(empty);
});

test("stores that are down or silent are told as such, within two seconds, and cost nothing of the others", async ({ expect }) => {
  wire.down = true;
  const silent = (): Promise<never> => new Promise(() => {});
  const startedAtMs = Date.now();
  const facts = await readIngestion(
    {
      ...appEnv,
      EVENT_BUFFER: replacing(env.EVENT_BUFFER, { get: () => ({ status: silent }) }),
      BUCKET_EU_WEST: replacing(env.BUCKET_EU_WEST, { list: silent }),
    },
    "eu-west",
    startedAtMs,
  );
  expect(Date.now() - startedAtMs).toBeLessThan(4_000);
  expect(facts).toEqual({
    region: "eu-west",
    buffers: [{ shard: 0, status: null }],
    waiting: null,
    deadLetters: null,
    lost: null,
    clickhouse: { status: "down" },
  });
  expect((await readIngestion({ ...env, DATABASE_URL: "" }, "eu-west", startedAtMs)).clickhouse).toEqual({ status: "not_configured" });
});
