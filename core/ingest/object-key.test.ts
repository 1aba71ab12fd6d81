import fc from "fast-check";
import { describe, test } from "vitest";
import { regionSchema } from "../contracts/region.ts";
import { dayOf, formatObjectKey, parseObjectKey } from "./object-key.ts";

describe("object keys", () => {
  test("a key is read as it was written", ({ expect }) => {
    const region = fc.constantFrom(...regionSchema.options);
    const day = fc.nat(4e12).map(dayOf);
    const key = fc.oneof(
      fc.record({ kind: fc.constant("buffer" as const), region, day, shard: fc.nat(9999), epoch: fc.nat(4e12), seq: fc.nat(1e12) }),
      fc.record({ kind: fc.constant("edge" as const), region, day, id: fc.uuid() }),
    );
    fc.assert(
      fc.property(key, (each) => {
        expect(parseObjectKey(formatObjectKey(each))).toEqual(each);
      }),
    );
  });

  test("the two forms are these", ({ expect }) => {
    expect(formatObjectKey({ kind: "buffer", region: "eu-west", day: "2026-11-24", shard: 2, epoch: 17, seq: 3 })).toBe(
      "raw/eu-west/2026-11-24/2-17/3",
    );
    const id = "0193c5a0-0000-7000-8000-000000000001";
    expect(formatObjectKey({ kind: "edge", region: "us-east", day: "2026-11-24", id })).toBe(`raw/us-east/2026-11-24/edge-${id}/0`);
  });

  test.for([
    "",
    "raw/us-east/2026-11-24/0-1",
    "raw/us-east/2026-11-24/0-1/1/",
    "raw/mars/2026-11-24/0-1/1",
    "raw/us-east/2026-11-24/0-1/-1",
    "raw/us-east/24-11-2026/0-1/1",
    "raw/us-east/2026-11-24/edge-1/0",
    " raw/us-east/2026-11-24/0-1/1",
    "waiting/raw/us-east/2026-11-24/0-1/1",
  ])("%j is no key", (text, { expect }) => {
    expect(parseObjectKey(text)).toBeNull();
  });

  test("a day begins at midnight in UTC", ({ expect }) => {
    expect(dayOf(Date.UTC(2026, 10, 24) - 1)).toBe("2026-11-23");
    expect(dayOf(Date.UTC(2026, 10, 24))).toBe("2026-11-24");
  });
});
