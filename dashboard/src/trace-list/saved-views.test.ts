import { test } from "vitest";
import { lookOf, parseViews, withView } from "./saved-views.ts";

test("a view is what the address says of how to look, whatever order it says it in", ({ expect }) => {
  const search = "?sort=duration&span=abc&range=7d";
  expect([lookOf(search), lookOf("?range=7d&sort=duration"), lookOf("?span=abc")]).toEqual([
    "?range=7d&sort=duration",
    "?range=7d&sort=duration",
    "",
  ]);
});

test("a view of a name that there is takes its place, and what is stored reads back", ({ expect }) => {
  const views = withView(withView(withView([], "mine", "?range=1h"), "other", "?range=7d"), "mine", "?sort=duration");
  expect(parseViews(JSON.stringify(views))).toEqual([
    { name: "other", search: "?range=7d" },
    { name: "mine", search: "?sort=duration" },
  ]);
  expect([null, "", "no JSON", '[{"name":1}]'].map(parseViews)).toEqual([[], [], [], []]);
});
