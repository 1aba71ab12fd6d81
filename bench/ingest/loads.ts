/** What one kind of load is, and what it must reach. */
export interface Load {
  readonly title: string;
  readonly path: string;
  readonly form: "json" | "json-gzip" | "otlp-protobuf-gzip";
  readonly seconds: number;
  /** Spans a second that are offered: no more than that is sent. */
  readonly offeredPerSecond: number;
  readonly connections: number;
  /** What its system has just taken and stored, all of it. */
  readonly after: "burst" | null;
  readonly goal: {
    /** Spans a second, from the first request to the last answer. */
    readonly acceptedPerSecond: number;
    readonly p95Ms: number | null;
    /** Spans a second, from the first request until all are rows. */
    readonly storedPerSecond: number | null;
  };
}

export const spansPerBatch = 100;

const burst = { seconds: 20, offeredPerSecond: 52_000, connections: 16, after: null } as const;
const steady = { seconds: 60, offeredPerSecond: 21_000, connections: 16, after: null } as const;
const burstGoal = { acceptedPerSecond: 50_000, p95Ms: 100, storedPerSecond: null } as const;
const steadyGoal = { acceptedPerSecond: 20_000, p95Ms: null, storedPerSecond: 20_000 } as const;

export const loads = {
  "burst-gzip": { title: "burst, JSON under gzip", path: "/v1/events", form: "json-gzip", ...burst, goal: burstGoal },
  "burst-plain": { title: "burst, plain JSON", path: "/v1/events", form: "json", ...burst, goal: burstGoal },
  "steady-gzip": { title: "steady, JSON under gzip", path: "/v1/events", form: "json-gzip", ...steady, goal: steadyGoal },
  "steady-plain": { title: "steady, plain JSON", path: "/v1/events", form: "json", ...steady, goal: steadyGoal },
  "steady-after-burst": {
    title: "steady, JSON under gzip, after a burst of it",
    path: "/v1/events",
    form: "json-gzip",
    ...steady,
    after: "burst",
    goal: steadyGoal,
  },
  otlp: {
    title: "OTLP protobuf under gzip",
    path: "/v1/traces",
    form: "otlp-protobuf-gzip",
    ...steady,
    seconds: 20,
    goal: { ...steadyGoal, storedPerSecond: null },
  },
} as const satisfies Record<string, Load>;

export type LoadName = keyof typeof loads;
export const loadNames = [
  "burst-gzip",
  "burst-plain",
  "steady-gzip",
  "steady-plain",
  "steady-after-burst",
  "otlp",
] as const satisfies readonly LoadName[];
