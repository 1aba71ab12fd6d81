import fc from "fast-check";
import { test } from "vitest";
import { asBatchHeader, batchHeaderSchema, derivedIds } from "./batch.ts";

const header = {
  schemaVersion: 3,
  contract: 1,
  batchId: "0193c5a0-0000-4000-8000-000000000009",
  spans: 2,
  receivedAtMs: 1_795_000_000_000,
  organizationId: "0193c5a0-0000-7000-8000-000000000001",
  projectId: "0193c5a0-0000-7000-8000-000000000002",
  keyId: "0123456789abcdef",
  homeRegion: "us-east",
  servingRegion: "us-west",
  client: "test",
  priceOverrides: {},
};

test("a header is told from other records, and fields that newer code added are passed over", ({ expect }) => {
  expect(asBatchHeader({ ...header, later: 1 })).toEqual(batchHeaderSchema.parse(header));
  expect([null, 1, {}, { ...header, batchId: undefined }, { ...header, schemaVersion: 4 }].map(asBatchHeader)).toEqual(
    Array.from({ length: 5 }, () => null),
  );
});

test("derived ids are the same each time, no two of a batch are equal, and those of another batch are others", ({ expect }) => {
  fc.assert(
    fc.property(fc.uuid({ version: 4 }), fc.uuid({ version: 4 }), (batchId, other) => {
      const idsOf = (id: string): string[] => Array.from({ length: 1000 }, (_, index) => Object.values(derivedIds(id, index)).join("-"));
      const ids = idsOf(batchId);
      expect(idsOf(batchId)).toEqual(ids);
      for (const part of [0, 1]) expect(new Set(ids.map((id) => id.split("-")[part])).size).toBe(1000);
      if (other !== batchId) expect(new Set([...ids, ...idsOf(other)]).size).toBe(2000);
    }),
    { numRuns: 10 },
  );
});
