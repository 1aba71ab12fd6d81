import { describe, test } from "vitest";
import { appNames } from "./apps/apps.ts";
import { callsOf } from "./asked.ts";
import { lanes } from "./lanes.ts";

const [lane] = lanes;
if (lane === undefined) throw new Error("no application asks anything");
const said = (seed: string) => callsOf(seed, lane).map(({ bodyOf, ...call }) => ({ ...call, body: bodyOf(lane.characters) }));

describe("the calls of an application", () => {
  test("are the same of the same seed, and of another seed others", ({ expect }) => {
    expect(said("demo")).toEqual(said("demo"));
    expect(said("other")).not.toEqual(said("demo"));
  });

  test("are shorter where less may be sent", ({ expect }) => {
    for (const { bodyOf } of callsOf("demo", lane)) expect(bodyOf(1_000).length).toBeLessThan(bodyOf(2_000).length - 900);
  });

  test("of people name their user, those of jobs none", ({ expect }) => {
    for (const each of lanes) {
      const isNamed = callsOf("demo", each).map(({ headers }) => "x-evalforge-user-id" in headers);
      expect(new Set(isNamed)).toEqual(new Set(["users" in each.from]));
    }
  });
});

test("every application asks once, and together no more than a start can wait for", ({ expect }) => {
  expect(lanes.map(({ app }) => app).toSorted()).toEqual(appNames.toSorted());
  expect(lanes.reduce((sum, { calls }) => sum + calls, 0)).toBeLessThanOrEqual(120);
});
