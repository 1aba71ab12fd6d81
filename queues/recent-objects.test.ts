import { test } from "vitest";
import { RecentObjects } from "./recent-objects.ts";

test("an object is begun once while it is worked on and for two minutes after it is stored", ({ expect }) => {
  const recent = new RecentObjects();
  expect([recent.begin("a", 0), recent.begin("a", 1), recent.begin("b", 1)]).toEqual(["new", "working", "new"]);
  recent.end("a", true, 10);
  expect([recent.begin("a", 120_009), recent.begin("a", 120_010)]).toEqual(["done", "new"]);
});

test("one that could not be stored, or whose request was ended, is begun again", ({ expect }) => {
  const recent = new RecentObjects();
  recent.begin("failed", 0);
  recent.end("failed", false, 1);
  recent.begin("ended", 0);
  expect([recent.begin("failed", 2), recent.begin("ended", 59_999), recent.begin("ended", 60_000)]).toEqual(["new", "working", "new"]);
});

test("no more than the newest 2,000 are known", ({ expect }) => {
  const recent = new RecentObjects();
  for (let index = 0; index <= 2_000; index += 1) recent.begin(String(index), 0);
  expect([recent.begin("1", 1), recent.begin("0", 1)]).toEqual(["working", "new"]);
});
