import { test } from "vitest";
import { RowSlots } from "./row-slots.ts";

const slotsOf = (slots: RowSlots, ...ids: readonly string[]) => [...slots.take(ids)];

test("a row keeps its element as long as it is drawn, whatever comes above it and below", ({ expect }) => {
  const slots = new RowSlots();
  const [a, b] = slotsOf(slots, "a", "b");
  const [x, ...kept] = slotsOf(slots, "x", "a", "b", "c");
  expect(kept.slice(0, 2)).toEqual([a, b]);
  expect(new Set([x, ...kept].map((slot) => slot?.[1])).size).toBe(4);
  expect(slotsOf(slots, "x", "a", "b", "c")).toEqual([x, ...kept]);
});

test("rows of another screen take the elements of those before, in their order", ({ expect }) => {
  const slots = new RowSlots();
  const before = slotsOf(slots, "a", "b").map(([, slot]) => slot);
  const after = slotsOf(slots, "d", "e", "f").map(([, slot]) => slot);
  expect(after.slice(0, 2)).toEqual(before);
  expect(new Set(after).size).toBe(3);
});

test("where most are others, those take the elements of the ones that left, and the rest keep theirs", ({ expect }) => {
  const slots = new RowSlots();
  const [a, b, c] = slotsOf(slots, "a", "b", "c").map(([, slot]) => slot);
  expect(slotsOf(slots, "x", "y", "a").map(([, slot]) => slot)).toEqual([b, c, a]);
});
