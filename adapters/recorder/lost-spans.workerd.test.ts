import { env } from "cloudflare:workers";
import { test } from "vitest";
import { countLostSpans } from "../r2/lost-report.ts";
import { dayOf } from "#core/ingest/object-key.ts";
import { bufferLimits } from "#core/ingest/buffer.ts";
import { spanFixture } from "#core/ingest/span.fixture.ts";
import { noteLost, reportLost } from "./lost-spans.ts";
import { record } from "./record.ts";
import { replacing } from "./replacing.fixture.ts";

const nowMs = Date.now();
const count = async (region: "us-east" | "us-west" | "eu-west") => (await countLostSpans(env, region, [dayOf(nowMs)])).spans;

test("what was lost is reported once the bucket takes something, each loss once, to its own region", async ({ expect }) => {
  const down = { ...env, BUCKET_US_EAST: replacing(env.BUCKET_US_EAST, { put: () => Promise.reject(new Error("R2 is down")) }) };
  noteLost("us-east", 2, nowMs);
  noteLost("us-east", 3, nowMs);
  await reportLost(down, "us-east");
  noteLost("us-east", 4, nowMs);
  expect(await count("us-east")).toBe(0);
  for (const _ of [1, 2, 3]) await reportLost(env, "us-east");
  expect([await count("us-east"), await count("us-west")]).toEqual([9, 0]);
});

test("a report whose answer is lost counts once", async ({ expect }) => {
  const cut = {
    ...env,
    BUCKET_US_WEST: replacing(env.BUCKET_US_WEST, {
      put: async (...call: Parameters<R2Bucket["put"]>) => {
        await env.BUCKET_US_WEST.put(...call);
        throw new Error("cut");
      },
    }),
  };
  noteLost("us-west", 5, nowMs);
  await reportLost(cut, "us-west");
  noteLost("us-west", 1, nowMs);
  for (const _ of [1, 2, 3]) await reportLost(env, "us-west");
  expect(await count("us-west")).toBe(6);
});

test("a span that the recorder loses is in the report that goes with the next one that it stores", async ({ expect }) => {
  const down = { ...env, BUCKET_EU_WEST: replacing(env.BUCKET_EU_WEST, { put: () => Promise.reject(new Error("R2 is down")) }) };
  // Too large for an append, so it needs the bucket.
  const metadata = { large: "x".repeat(bufferLimits.appendBytesMax) };
  expect(await record(down, spanFixture({ homeRegion: "eu-west", metadata }), "durable")).toMatchObject({ kind: "lost" });
  expect(await count("eu-west")).toBe(0);
  expect(await record(env, spanFixture({ homeRegion: "eu-west" }), "durable")).toEqual({ kind: "stored" });
  expect(await count("eu-west")).toBe(1);
});
