import { describe, test } from "vitest";
import { RecentIds } from "./recent-ids.ts";

describe("RecentIds", () => {
  test("keeps an id for a minute after it was last added, however often it is asked for", ({ expect }) => {
    const ids = new RecentIds();
    ids.add("first", 0);
    ids.add("second", 30_000);
    ids.add("first", 40_000);
    expect([ids.has("first"), ids.has("first"), ids.has("second"), ids.has("third")]).toEqual([true, true, true, false]);
    ids.add("third", 90_001);
    expect([ids.has("first"), ids.has("second")]).toEqual([true, false]);
    ids.add("fourth", 100_001);
    expect(ids.has("first")).toBe(false);
  });
});
