import fc from "fast-check";
import { describe, test } from "vitest";
import type { WindowSpec } from "../contracts/limits.ts";
import { earlierWindows, leavesAtMs, rollingSlots, windowOf } from "./window.ts";

const zones = [
  "UTC",
  "Europe/Dublin",
  "America/New_York",
  "America/Havana",
  "America/Santiago",
  "Asia/Kolkata",
  "Asia/Beirut",
  "Africa/Cairo",
  "Australia/Lord_Howe",
  "America/St_Johns",
  "Pacific/Apia",
  "Pacific/Chatham",
  "Asia/Kathmandu",
] as const;
const hourMs = 3_600_000;
const calendar = (unit: "day" | "week" | "month", timeZone: string): WindowSpec => ({ kind: "calendar", unit, timeZone });
const at = (iso: string): number => Date.parse(iso);
const hoursOf = (spec: WindowSpec, iso: string): number => {
  const { startMs, endMs } = windowOf(spec, at(iso));
  return endMs === null ? Number.NaN : (endMs - startMs) / hourMs;
};

const arbitrarySpec: fc.Arbitrary<WindowSpec> = fc.oneof(
  fc.record({ kind: fc.constant("clock" as const), unit: fc.constantFrom("minute" as const, "hour" as const) }),
  fc.record({
    kind: fc.constant("calendar" as const),
    unit: fc.constantFrom("day" as const, "week" as const, "month" as const),
    timeZone: fc.constantFrom(...zones),
  }),
  fc.record({
    kind: fc.constant("rolling" as const),
    unit: fc.constantFrom("hour" as const, "day" as const),
    count: fc.integer({ min: 1, max: 366 }),
  }),
);
const moment = fc.integer({ min: at("2005-01-01T00:00:00Z"), max: at("2045-01-01T00:00:00Z") });

describe("windowOf", () => {
  test("a moment lies in its window, and where that ends the next one begins", ({ expect }) => {
    fc.assert(
      fc.property(arbitrarySpec, moment, (spec, atMs) => {
        const window = windowOf(spec, atMs);
        const endMs = window.endMs ?? Number.NaN;
        expect(window.startMs <= atMs && atMs < endMs).toBe(true);
        expect(windowOf(spec, window.startMs)).toEqual(window);
        expect(windowOf(spec, endMs - 1)).toEqual(window);
        const next = windowOf(spec, endMs);
        expect(next.startMs).toBe(endMs);
        expect(next.id).not.toBe(window.id);
      }),
      { numRuns: 2_000 },
    );
  });

  test("every day of two years in every zone begins where the one before ends, and shows one date more", ({ expect }) => {
    const wrong: string[] = [];
    for (const timeZone of zones) {
      const dateOf = new Intl.DateTimeFormat("en-CA", { timeZone });
      let window = windowOf(calendar("day", timeZone), at("2024-01-15T12:00:00Z"));
      for (let day = 0; day < 800; day++) {
        const next = windowOf(calendar("day", timeZone), window.endMs ?? Number.NaN);
        const hours = ((next.endMs ?? Number.NaN) - next.startMs) / hourMs;
        const isNext = Date.parse(dateOf.format(next.startMs)) - Date.parse(dateOf.format(window.startMs)) === 24 * hourMs;
        if (next.startMs !== window.endMs || !isNext || hours < 23 || hours > 25) wrong.push(`${timeZone} ${window.id} ${hours}`);
        window = next;
      }
    }
    expect(wrong).toEqual([]);
  });

  test("a day is 23 hours long where clocks are put forward, 25 where they are put back", ({ expect }) => {
    expect(hoursOf(calendar("day", "Europe/Dublin"), "2026-03-29T12:00:00Z")).toBe(23);
    expect(hoursOf(calendar("day", "Europe/Dublin"), "2026-10-25T12:00:00Z")).toBe(25);
    expect(hoursOf(calendar("day", "Australia/Lord_Howe"), "2026-04-05T00:00:00Z")).toBe(24.5);
    expect(hoursOf(calendar("week", "America/New_York"), "2026-03-08T12:00:00Z")).toBe(167);
    expect(hoursOf(calendar("month", "Europe/Dublin"), "2026-10-15T12:00:00Z")).toBe(31 * 24 + 1);
  });

  test("a day whose midnight is leapt over begins where clocks leap", ({ expect }) => {
    expect(windowOf(calendar("day", "Africa/Cairo"), at("2026-04-24T12:00:00Z"))).toEqual({
      id: `day-${at("2026-04-23T22:00:00Z")}`,
      startMs: at("2026-04-23T22:00:00Z"),
      endMs: at("2026-04-24T21:00:00Z"),
    });
  });

  test("a day that is over does not begin again where clocks are put back over midnight", ({ expect }) => {
    const spec = calendar("day", "America/St_Johns");
    // At 00:01 of the 7th, clocks showed 23:01 of the 6th.
    const seventh = windowOf(spec, at("2010-11-07T02:30:00Z"));
    expect(seventh).toEqual({ id: `day-${seventh.startMs}`, startMs: at("2010-11-07T02:30:00Z"), endMs: at("2010-11-08T03:30:00Z") });
    expect(windowOf(spec, at("2010-11-07T03:00:00Z"))).toEqual(seventh);
    expect(windowOf(spec, at("2010-11-07T02:29:59Z")).endMs).toBe(seventh.startMs);
  });

  test("weeks begin on Monday, months on the first, in the zone", ({ expect }) => {
    expect(windowOf(calendar("week", "Asia/Kolkata"), at("2026-11-24T00:00:00Z")).startMs).toBe(at("2026-11-22T18:30:00Z"));
    expect(windowOf(calendar("month", "America/New_York"), at("2026-12-01T04:59:00Z")).startMs).toBe(at("2026-11-01T04:00:00Z"));
  });

  test("minutes and hours are those of the clock in UTC; a budget that never ends has one window", ({ expect }) => {
    expect(windowOf({ kind: "clock", unit: "minute" }, 61_000)).toEqual({ id: "minute-60000", startMs: 60_000, endMs: 120_000 });
    expect(windowOf({ kind: "clock", unit: "hour" }, 61_000)).toEqual({ id: "hour-0", startMs: 0, endMs: hourMs });
    expect(windowOf({ kind: "never" }, 61_000)).toEqual({ id: "always", startMs: 0, endMs: null });
  });

  test("a rolling window and those that count in it hold every stretch of its length", ({ expect }) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 366 }), moment, (count, atMs) => {
        const spec = { kind: "rolling", unit: "hour", count } as const;
        const window = windowOf(spec, atMs);
        const earlier = earlierWindows(spec, window);
        expect(earlier).toHaveLength(rollingSlots);
        expect(earlier[0]).toBe(windowOf(spec, window.startMs - 1).id);
        expect(earlier.at(-1)).toBe(windowOf(spec, window.startMs - count * hourMs).id);
        const leavesMs = leavesAtMs({ startMs: window.startMs, endMs: window.endMs ?? Number.NaN });
        expect(earlierWindows(spec, windowOf(spec, leavesMs - 1))).toContain(window.id);
        expect(earlierWindows(spec, windowOf(spec, leavesMs))).not.toContain(window.id);
      }),
    );
    expect(earlierWindows({ kind: "never" }, windowOf({ kind: "never" }, 0))).toEqual([]);
  });
});
