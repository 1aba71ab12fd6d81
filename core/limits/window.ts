import type { WindowSpec } from "../contracts/limits.ts";

/** One window of a budget: what is spent from `startMs` until before `endMs` is counted in it. */
export interface LimitWindow {
  /** Names it among all windows of its budget. */
  readonly id: string;
  readonly startMs: number;
  /** `null`: it never ends. */
  readonly endMs: number | null;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/**
 * A rolling window is made of so many slots, each a window of its own. A slot may spend what the limit leaves of what the
 * slots before it have out, as many as a whole window has: any stretch as long as the window lies within those and it.
 */
export const rollingSlots = 24;

/** The window in which a moment lies. */
export function windowOf(spec: WindowSpec, atMs: number): LimitWindow {
  switch (spec.kind) {
    case "never":
      return { id: "always", startMs: 0, endMs: null };
    case "rolling": {
      const slotMs = slotMsOf(spec);
      const startMs = Math.floor(atMs / slotMs) * slotMs;
      return { id: rollingId(spec, startMs), startMs, endMs: startMs + slotMs };
    }
    case "clock": {
      const lengthMs = spec.unit === "minute" ? minuteMs : hourMs;
      const startMs = Math.floor(atMs / lengthMs) * lengthMs;
      return { id: `${spec.unit}-${startMs}`, startMs, endMs: startMs + lengthMs };
    }
    case "calendar":
      return calendarWindow(spec.unit, spec.timeZone, atMs);
  }
}

/** The windows before one whose spending counts in it too: none but for a rolling one. Newest first. */
export function earlierWindows(spec: WindowSpec, { startMs }: LimitWindow): readonly string[] {
  if (spec.kind !== "rolling") return [];
  return Array.from({ length: rollingSlots }, (_, index) => rollingId(spec, startMs - (index + 1) * slotMsOf(spec)));
}

/** From when on what was spent in a slot of a rolling window no longer counts. */
export function leavesAtMs(slot: { readonly startMs: number; readonly endMs: number }): number {
  return slot.endMs + rollingSlots * (slot.endMs - slot.startMs);
}

type RollingSpec = Extract<WindowSpec, { kind: "rolling" }>;

function slotMsOf({ unit, count }: RollingSpec): number {
  return (count * (unit === "hour" ? hourMs : dayMs)) / rollingSlots;
}

function rollingId({ unit, count }: RollingSpec, startMs: number): string {
  return `${count}${unit}-${startMs}`;
}

type CalendarUnit = "day" | "week" | "month";

function calendarWindow(unit: CalendarUnit, timeZone: string, atMs: number): LimitWindow {
  let wallMs = wallStart(unit, atMs + offsetMs(timeZone, atMs));
  let endMs = instantOf(wallAfter(unit, wallMs), timeZone);
  // A clock that is put back over midnight shows a day again that is over.
  while (endMs <= atMs) {
    wallMs = wallAfter(unit, wallMs);
    endMs = instantOf(wallAfter(unit, wallMs), timeZone);
  }
  const startMs = instantOf(wallMs, timeZone);
  return { id: `${unit}-${startMs}`, startMs, endMs };
}

/** Wall-clock times are written as the moment at which a clock in UTC shows them. */
function wallStart(unit: CalendarUnit, wallMs: number): number {
  const midnightMs = Math.floor(wallMs / dayMs) * dayMs;
  const date = new Date(midnightMs);
  switch (unit) {
    case "day":
      return midnightMs;
    case "week":
      return midnightMs - ((date.getUTCDay() + 6) % 7) * dayMs;
    case "month":
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  }
}

function wallAfter(unit: CalendarUnit, wallMs: number): number {
  const date = new Date(wallMs);
  switch (unit) {
    case "day":
      return wallMs + dayMs;
    case "week":
      return wallMs + 7 * dayMs;
    case "month":
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
  }
}

/** The first moment at which a clock in the zone shows that time or, where it leaps over it, the first later one. */
function instantOf(wallMs: number, timeZone: string): number {
  const before = offsetMs(timeZone, wallMs - 2 * dayMs);
  const after = offsetMs(timeZone, wallMs + 2 * dayMs);
  if (before === after) return wallMs - before;
  let early = wallMs - Math.max(before, after);
  if (early + offsetMs(timeZone, early) === wallMs) return early;
  let late = wallMs - Math.min(before, after);
  while (late - early > 1) {
    const middle = Math.floor((early + late) / 2);
    if (middle + offsetMs(timeZone, middle) >= wallMs) late = middle;
    else early = middle;
  }
  return late;
}

/** Making a formatter takes longer than all else here. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  const formatter = new Intl.DateTimeFormat("en-u-ca-gregory-nu-latn", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  formatters.set(timeZone, formatter);
  return formatter;
}

/** How far the zone's clocks are ahead of UTC at a moment. */
function offsetMs(timeZone: string, atMs: number): number {
  const shown: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of formatterOf(timeZone).formatToParts(atMs)) shown[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(atMs / 1000) * 1000;
}
