import fc from "fast-check";
import { describe, test } from "vitest";
import { coverRange, dirtyBuckets, insertLastsMaxMs, quietBuckets, rollupLevels, segmentsMax, type RollupLevel } from "./coverage.ts";

const dayS = 86_400;
const ms = (seconds: number) => seconds * 1000;
const none = { 86_400: new Set<number>(), 3_600: new Set<number>(), 900: new Set<number>() };

describe("a range", () => {
  test("is read from the longest buckets that lie wholly in it, from spans at its ends", ({ expect }) => {
    expect(coverRange({ fromMs: ms(dayS - 4_000), toMs: ms(3 * dayS + 950) + 7 }, [], none)).toEqual([
      { fromMs: ms(dayS - 4_000), toMs: ms(dayS - 3_600), source: "spans" },
      { fromMs: ms(dayS - 3_600), toMs: ms(dayS), source: 3_600 },
      { fromMs: ms(dayS), toMs: ms(3 * dayS), source: 86_400 },
      { fromMs: ms(3 * dayS), toMs: ms(3 * dayS + 900), source: 900 },
      { fromMs: ms(3 * dayS + 900), toMs: ms(3 * dayS + 950) + 7, source: "spans" },
    ]);
  });

  test("with a dirty quarter of an hour is read round it", ({ expect }) => {
    const dirtyS = dayS + 3_600 + 1_800;
    const dirty = { 86_400: new Set([dayS]), 3_600: new Set([dayS + 3_600]), 900: new Set([dirtyS]) };
    expect(coverRange({ fromMs: ms(dayS), toMs: ms(3 * dayS) }, [dayS, 2 * dayS], dirty)).toEqual([
      { fromMs: ms(dayS), toMs: ms(dayS + 3_600), source: 3_600 },
      { fromMs: ms(dayS + 3_600), toMs: ms(dirtyS), source: 900 },
      { fromMs: ms(dirtyS), toMs: ms(dirtyS + 900), source: "spans" },
      { fromMs: ms(dirtyS + 900), toMs: ms(dayS + 7_200), source: 900 },
      { fromMs: ms(dayS + 7_200), toMs: ms(2 * dayS), source: 3_600 },
      { fromMs: ms(2 * dayS), toMs: ms(3 * dayS), source: 86_400 },
    ]);
  });

  test("is read from no bucket that reaches over a point of its course", ({ expect }) => {
    const sourcesFor = (startS: number) => [
      ...new Set(coverRange({ fromMs: 0, toMs: ms(10 * dayS) }, [startS, startS + dayS], none).map(({ source }) => source)),
    ];
    expect(sourcesFor(0)).toEqual([86_400]);
    expect(sourcesFor(18 * 3_600)).toEqual([3_600]);
    expect(sourcesFor(18 * 3_600 + 900)).toEqual([900]);
    expect(sourcesFor(18 * 3_600 + 60)).toEqual(["spans"]);
  });

  test("of which every other quarter of an hour is dirty is read in few parts, and from no dirty bucket", ({ expect }) => {
    const every = (level: RollupLevel, step: number, days: number) =>
      new Set(Array.from({ length: (days * dayS) / (level * step) }, (_, at) => at * level * step));
    const month = { fromMs: 0, toMs: ms(30 * dayS) };
    const scattered = { 86_400: new Set([0, dayS]), 3_600: every(3_600, 1, 2), 900: every(900, 2, 2) };
    expect(coverRange(month, [], scattered)).toEqual([
      { fromMs: 0, toMs: ms(2 * dayS), source: "spans" },
      { fromMs: ms(2 * dayS), toMs: ms(30 * dayS), source: 86_400 },
    ]);
    const everywhere = { 86_400: every(86_400, 2, 100), 3_600: every(3_600, 2, 100), 900: every(900, 2, 100) };
    const segments = coverRange({ fromMs: 0, toMs: ms(100 * dayS) }, [], everywhere);
    expect(segments.length).toBeLessThanOrEqual(segmentsMax);
    expect(segments).toEqual([{ fromMs: 0, toMs: ms(100 * dayS), source: "spans" }]);
  });

  test("is covered without a gap or a double, whatever is dirty", ({ expect }) => {
    const starts = (level: RollupLevel) =>
      fc
        .array(
          fc.integer({ min: 0, max: (6 * dayS) / level }).map((place) => place * level),
          { maxLength: 5 },
        )
        .map((list) => new Set(list));
    fc.assert(
      fc.property(
        fc.tuple(fc.integer({ min: 0, max: ms(6 * dayS) }), fc.integer({ min: 1, max: ms(6 * dayS) })),
        fc.record({ 86_400: starts(86_400), 3_600: starts(3_600), 900: starts(900) }),
        ([fromMs, lengthMs], dirty) => {
          const segments = coverRange({ fromMs, toMs: fromMs + lengthMs }, [], dirty);
          expect(segments[0]?.fromMs).toBe(fromMs);
          expect(segments.at(-1)?.toMs).toBe(fromMs + lengthMs);
          for (const [index, { fromMs: startMs, toMs, source }] of segments.entries()) {
            expect(startMs).toBeLessThan(toMs);
            if (index > 0) expect(startMs).toBe(segments[index - 1]?.toMs);
            if (source !== "spans")
              for (let atS = startMs / 1000; atS < toMs / 1000; atS += source) expect(dirty[source].has(atS)).toBe(false);
          }
        },
      ),
    );
  });
});

describe("a bucket", () => {
  const arrivedMs = ms(10 * dayS);
  const arrivals = [{ startsAtS: dayS, lastInsertedAtMs: arrivedMs }];
  const computedAt = (computedAtMs: number) => rollupLevels.map((level) => ({ level, startsAtS: dayS, computedAtMs }));
  const dirtyLevels = (computedAtMs: number) =>
    rollupLevels.filter((level) => dirtyBuckets(arrivals, computedAt(computedAtMs))[level].has(dayS));

  test("is dirty for what came in later, or may not have shown up yet, when it was computed", ({ expect }) => {
    expect(dirtyBuckets(arrivals, [])[900].has(dayS)).toBe(true);
    expect(dirtyLevels(arrivedMs)).toEqual([86_400, 3_600, 900]);
    expect(dirtyLevels(arrivedMs + insertLastsMaxMs)).toEqual([86_400, 3_600, 900]);
    expect(dirtyLevels(arrivedMs + insertLastsMaxMs + 1)).toEqual([]);
  });

  test("is computed again only once its inserts have all shown up", ({ expect }) => {
    expect(quietBuckets(arrivals, [], 900, arrivedMs + insertLastsMaxMs)).toEqual([]);
    expect(quietBuckets(arrivals, [], 900, arrivedMs + insertLastsMaxMs + 1)).toEqual([dayS]);
    expect(quietBuckets(arrivals, computedAt(arrivedMs + insertLastsMaxMs + 1), 900, arrivedMs + 2 * insertLastsMaxMs)).toEqual([]);
  });
});
