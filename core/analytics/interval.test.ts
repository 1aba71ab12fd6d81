import fc from "fast-check";
import { test } from "vitest";
import { pointsOf, pointsMax, timeZoneSchema } from "./interval.ts";

const at = (text: string) => Date.parse(text);
const startsOf = (from: string, to: string, ...asked: [Parameters<typeof pointsOf>[1], string]) => {
  const points = pointsOf({ fromMs: at(from), toMs: at(to) }, ...asked);
  return points.kind === "points" ? points.startsAtS.map((startS) => new Date(startS * 1000).toISOString().slice(0, 16)) : points.kind;
};

test("days begin as the clocks of the zone say, also where they are changed", ({ expect }) => {
  expect(startsOf("2026-10-24T12:00Z", "2026-10-26T12:00Z", "day", "Europe/Berlin")).toEqual([
    "2026-10-23T22:00",
    "2026-10-24T22:00",
    "2026-10-25T23:00",
  ]);
  expect(startsOf("2026-03-28T12:00Z", "2026-03-30T12:00Z", "day", "Europe/Berlin")).toEqual([
    "2026-03-27T23:00",
    "2026-03-28T23:00",
    "2026-03-29T22:00",
  ]);
  expect(startsOf("2026-10-24T12:00Z", "2026-10-25T00:00Z", "day", "Asia/Kathmandu")).toEqual(["2026-10-23T18:15", "2026-10-24T18:15"]);
  expect(startsOf("2026-10-24T12:20Z", "2026-10-24T14:00Z", "hour", "Asia/Kathmandu")).toEqual(["2026-10-24T12:15", "2026-10-24T13:15"]);
});

test("auto takes the shortest interval with at most three hundred points", ({ expect }) => {
  const intervalOf = (lengthMs: number) => {
    const points = pointsOf({ fromMs: 0, toMs: lengthMs }, "auto", "UTC");
    return points.kind === "points" ? points.interval : points.kind;
  };
  expect([1, 300 * 60_000, 301 * 60_000, 86_400_000, 7 * 86_400_000, 90 * 86_400_000].map(intervalOf)).toEqual([
    "minute",
    "minute",
    "fiveMinutes",
    "fiveMinutes",
    "hour",
    "day",
  ]);
});

test("more points than an answer holds are refused", ({ expect }) => {
  expect(startsOf("2026-10-24T12:00Z", "2026-10-26T12:00Z", "minute", "UTC")).toBe("too-many");
  expect(pointsOf({ fromMs: 0, toMs: (pointsMax + 1) * 86_400_000 }, "auto", "UTC")).toEqual({ kind: "too-many" });
  expect(pointsOf({ fromMs: 5, toMs: 9 }, "none", "UTC")).toEqual({ kind: "points", interval: null, startsAtS: [] });
});

test("points rise, the first at or before the range, all others in it", ({ expect }) => {
  const zones = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia");
  fc.assert(
    fc.property(
      fc.integer({ min: at("2025-01-01"), max: at("2027-01-01") }),
      fc.integer({ min: 1, max: 50 * 86_400_000 }),
      fc.constantFrom("hour" as const, "day" as const),
      zones,
      (fromMs, lengthMs, interval, timeZone) => {
        const points = pointsOf({ fromMs, toMs: fromMs + lengthMs }, interval, timeZone);
        if (points.kind !== "points") throw new Error(points.kind);
        const [first = 0, ...others] = points.startsAtS;
        expect(first * 1000).toBeLessThanOrEqual(fromMs);
        for (const [index, startS] of others.entries()) {
          expect(startS).toBeGreaterThan(points.startsAtS[index] ?? 0);
          expect(startS * 1000).toBeGreaterThan(fromMs);
          expect(startS * 1000).toBeLessThan(fromMs + lengthMs);
        }
      },
    ),
  );
});

test("a name that is no time zone is refused", ({ expect }) => {
  expect(timeZoneSchema.safeParse("Europe/Berlin").success).toBe(true);
  expect(timeZoneSchema.safeParse("Europe/Nowhere").error?.issues[0]?.message).toBe(
    "must be the name of a time zone, such as Europe/Berlin",
  );
});
