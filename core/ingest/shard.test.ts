import fc from "fast-check";
import { test } from "vitest";
import { traceIdSchema } from "../contracts/id.ts";
import { regionSchema } from "../contracts/region.ts";
import { formatBufferName, parseBufferName, shardOfTrace, shardsOf } from "./shard.ts";

const traceId = fc.stringMatching(/^[0-9a-f]{31}[1-9a-f]$/).map((text) => traceIdSchema.parse(text));

test("a trace has one shard among those there are", ({ expect }) => {
  fc.assert(
    fc.property(traceId, fc.integer({ min: 1, max: 64 }), (id, shards) => {
      const shard = shardOfTrace(id, shards);
      expect(Number.isInteger(shard) && shard >= 0 && shard < shards).toBe(true);
      expect(shardOfTrace(id, shards)).toBe(shard);
    }),
  );
});

test("traces spread evenly: of 8,000 each of 8 shards gets between 800 and 1,200", ({ expect }) => {
  const counts = Array.from({ length: 8 }, () => 0);
  for (let index = 1; index <= 8000; index += 1) {
    const shard = shardOfTrace(traceIdSchema.parse(index.toString(16).padStart(32, "0")), 8);
    counts[shard] = (counts[shard] ?? 0) + 1;
  }
  expect(counts.filter((count) => count < 800 || count > 1200)).toEqual([]);
});

test("a buffer's name is read as it was written, and nothing else is a name", ({ expect }) => {
  expect(parseBufferName(formatBufferName("us-west", 12))).toEqual({ region: "us-west", shard: 12 });
  for (const text of ["", "us-west", "us-west:", "us-west:x", "us-west:1:2", "mars:0", "us-west:-1"])
    expect(parseBufferName(text)).toBeNull();
});

test("every region has its buffers, counted from 0", ({ expect }) => {
  expect(regionSchema.options.map((region) => shardsOf(region))).toEqual([[0], [0], [0]]);
});
