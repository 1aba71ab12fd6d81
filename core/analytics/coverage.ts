/** The lengths of the rollups' buckets in seconds, longest first; each holds a whole number of the next. */
export const rollupLevels = [86_400, 3_600, 900] as const;
export type RollupLevel = (typeof rollupLevels)[number];

/** The shortest buckets are computed from spans, all others from these. */
export const baseLevel = 900 satisfies RollupLevel;

/** [from, to), epoch milliseconds. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A range and where it is read from: the buckets of a level, or the spans themselves. */
export interface Segment extends TimeRange {
  readonly source: RollupLevel | "spans";
}

/** For each level the starts of its buckets whose rollup does not hold all of their spans, epoch seconds. */
export type DirtyBuckets = Readonly<Record<RollupLevel, ReadonlySet<number>>>;

/** Each has two parameters, and these travel in the address of a query, of which some servers take few kilobytes. */
export const segmentsMax = 60;

/**
 * Divides a range so that each moment is read from one source: from the longest buckets that lie wholly in the range,
 * are whole, and reach over no point of the course; from the spans where there is none. Where that makes too many parts
 * (a month was sent at once, say), the shorter buckets are left out, and the spans are read in their place.
 */
export function coverRange(range: TimeRange, startsAtS: readonly number[], dirty: DirtyBuckets): Segment[] {
  const levels = rollupLevels.filter((level) => startsAtS.every((atS) => atS % level === 0));
  for (let count = levels.length; count > 0; count -= 1) {
    const segments = joinSegments(coverFrom(range, levels.slice(0, count), dirty));
    if (segments.length > 0 && segments.length <= segmentsMax) return segments;
  }
  return [{ ...range, source: "spans" }];
}

function coverFrom({ fromMs, toMs }: TimeRange, levels: readonly RollupLevel[], dirty: DirtyBuckets): Segment[] {
  const [level, ...shorter] = levels;
  if (fromMs >= toMs) return [];
  if (level === undefined) return [{ fromMs, toMs, source: "spans" }];
  const lengthMs = level * 1000;
  const firstMs = Math.ceil(fromMs / lengthMs) * lengthMs;
  const endMs = Math.floor(toMs / lengthMs) * lengthMs;
  if (firstMs >= endMs) return coverFrom({ fromMs, toMs }, shorter, dirty);
  const segments = coverFrom({ fromMs, toMs: firstMs }, shorter, dirty);
  let atMs = firstMs;
  const dirtyInside = [...dirty[level]].map((startS) => startS * 1000).filter((startMs) => startMs >= firstMs && startMs < endMs);
  for (const dirtyMs of dirtyInside.toSorted((left, right) => left - right)) {
    if (dirtyMs > atMs) segments.push({ fromMs: atMs, toMs: dirtyMs, source: level });
    segments.push(...coverFrom({ fromMs: dirtyMs, toMs: dirtyMs + lengthMs }, shorter, dirty));
    atMs = dirtyMs + lengthMs;
  }
  if (atMs < endMs) segments.push({ fromMs: atMs, toMs: endMs, source: level });
  segments.push(...coverFrom({ fromMs: endMs, toMs }, shorter, dirty));
  return segments;
}

function joinSegments(segments: readonly Segment[]): Segment[] {
  const joined: Segment[] = [];
  for (const segment of segments) {
    const last = joined.at(-1);
    if (last !== undefined && last.source === segment.source && last.toMs === segment.fromMs) {
      joined[joined.length - 1] = { ...last, toMs: segment.toMs };
    } else joined.push(segment);
  }
  return joined;
}

/** When the newest span of a bucket of the shortest level arrived in the store, of buckets with new arrivals. */
export interface Arrival {
  readonly startsAtS: number;
  readonly lastInsertedAtMs: number;
}

/** The newest rollup of a bucket, and when its computing began, by the store's clock. */
export interface Computed {
  readonly level: RollupLevel;
  readonly startsAtS: number;
  readonly computedAtMs: number;
}

/**
 * An insert shows up within this time of the moment that it gives to its rows. What arrived so long before a rollup was
 * begun is therefore in it; for anything later the bucket counts as dirty.
 */
export const insertLastsMaxMs = 120_000;

/** Which buckets the spans tell more of than their rollup. */
export function dirtyBuckets(arrivals: readonly Arrival[], computed: readonly Computed[]): DirtyBuckets {
  const computedAtMs = new Map(computed.map((row) => [`${row.level}/${row.startsAtS}`, row.computedAtMs]));
  const dirtyOf = (level: RollupLevel): ReadonlySet<number> =>
    new Set(
      [...lastArrivals(arrivals, level)]
        .filter(([startsAtS, lastMs]) => lastMs >= (computedAtMs.get(`${level}/${startsAtS}`) ?? 0) - insertLastsMaxMs)
        .map(([startsAtS]) => startsAtS),
    );
  return { 86_400: dirtyOf(86_400), 3_600: dirtyOf(3_600), 900: dirtyOf(900) };
}

/** By the start of a level's bucket, when the newest of its spans arrived. */
function lastArrivals(arrivals: readonly Arrival[], level: RollupLevel): ReadonlyMap<number, number> {
  const last = new Map<number, number>();
  for (const { startsAtS, lastInsertedAtMs } of arrivals) {
    const bucketS = Math.floor(startsAtS / level) * level;
    last.set(bucketS, Math.max(last.get(bucketS) ?? 0, lastInsertedAtMs));
  }
  return last;
}

/** The dirty buckets of a level that are quiet: computed now, they hold all that has arrived. */
export function quietBuckets(arrivals: readonly Arrival[], computed: readonly Computed[], level: RollupLevel, nowMs: number): number[] {
  const last = lastArrivals(arrivals, level);
  return [...dirtyBuckets(arrivals, computed)[level]].filter((startsAtS) => (last.get(startsAtS) ?? 0) < nowMs - insertLastsMaxMs);
}
