import { test } from "vitest";
import { holdIdOf } from "./hold-id.ts";

const book = "0197b5e0-0000-7000-8000-000000000000/day-1764374400000/a user/with:signs";

test("a record says of each hold the limit, the window and what it was settled at, whatever its user is called", ({ expect }) => {
  const known = { receipt: { book, epoch: 2, seq: 7 }, isPocketed: false, settled: 125_000, isPresumed: false };
  expect(holdIdOf(known)).toBe("0197b5e0-0000-7000-8000-000000000000:2:7:day-1764374400000:125000");
  expect(holdIdOf({ ...known, isPocketed: true, isPresumed: true })).toBe(
    "0197b5e0-0000-7000-8000-000000000000:p2:7:day-1764374400000:125000:presumed",
  );
});
