import { verdictSchema, type IngestionFacts, type Verdict } from "../contracts/api/ingestion.ts";
import type { Dependency } from "../contracts/api/dependencies.ts";
import type { Region } from "../contracts/region.ts";
import type { SpanStatus } from "../contracts/span.ts";
import { lagMsOf } from "./ingestion-verdict.ts";
import type { MetricFamily, Sample } from "./prometheus.ts";

/** Calls of one provider that ended in one way, of the last `recentCallsMinutes` minutes. */
export interface RecentCalls {
  readonly region: Region;
  /** `other`: all but the busiest. */
  readonly provider: string;
  readonly status: SpanStatus;
  readonly calls: number;
  /** Of those whose price is known. */
  readonly costNanoUsd: number;
  readonly tokens: number;
  /** Of the whole call. */
  readonly latencyMs: Readonly<Record<"0.5" | "0.95" | "0.99", number>>;
}

export const recentCallsMinutes = 5;

/** All that the metrics are made of. */
export interface OperationFacts {
  readonly regions: readonly (IngestionFacts & { readonly verdict: Verdict })[];
  readonly dependencies: readonly Dependency[];
  readonly recentCalls: readonly RecentCalls[];
}

interface MetricRow {
  readonly type: MetricFamily["type"];
  readonly help: string;
  readonly samples: (facts: OperationFacts) => readonly Sample[];
}

type BufferFacts = NonNullable<IngestionFacts["buffers"][number]["status"]>;

/** One sample a buffer that answers. */
function perBuffer(valueOf: (status: BufferFacts) => number): MetricRow["samples"] {
  return ({ regions }) =>
    regions.flatMap(({ region, buffers }) =>
      buffers.flatMap(({ shard, status }) =>
        status === null ? [] : [{ labels: { region, shard: String(shard) }, value: valueOf(status) }],
      ),
    );
}

/** One sample a region where the figure is known. */
function perRegion(valueOf: (facts: IngestionFacts) => number | null): MetricRow["samples"] {
  return ({ regions }) =>
    regions.flatMap((facts) => {
      const value = valueOf(facts);
      return value === null ? [] : [{ labels: { region: facts.region }, value }];
    });
}

function perCalls(valueOf: (calls: RecentCalls) => number): MetricRow["samples"] {
  return ({ recentCalls }) => recentCalls.map((calls) => ({ labels: labelsOf(calls), value: valueOf(calls) }));
}

function labelsOf({ region, provider, status }: RecentCalls): Sample["labels"] {
  return { region, provider, status };
}

const recent = `in the last ${recentCallsMinutes} minutes`;

/** Every metric that Prometheus is given. Labels are regions, stores, providers and the like: never projects or users. */
const metrics = {
  evalforge_ingest_accepted_events_total: {
    type: "counter",
    help: "Events that a buffer has accepted since it exists.",
    samples: perBuffer(({ acceptedEvents }) => acceptedEvents),
  },
  evalforge_ingest_dead_objects_total: {
    type: "counter",
    help: "Objects that were given up since the buffer exists; each has a dead letter.",
    samples: perBuffer(({ deadObjects }) => deadObjects),
  },
  evalforge_ingest_unsealed_events: {
    type: "gauge",
    help: "Events that are accepted and not yet in the bucket.",
    samples: perBuffer(({ unsealedEvents }) => unsealedEvents),
  },
  evalforge_ingest_unsealed_bytes: {
    type: "gauge",
    help: "Bytes of events that are accepted and not yet in the bucket; appends are refused at 33554432.",
    samples: perBuffer(({ unsealedBytes }) => unsealedBytes),
  },
  evalforge_ingest_unacknowledged_objects: {
    type: "gauge",
    help: "Objects in the bucket that are not stored in ClickHouse yet.",
    samples: perBuffer(({ unacknowledgedObjects }) => unacknowledgedObjects),
  },
  evalforge_ingest_oldest_unacknowledged_seconds: {
    type: "gauge",
    help: "Age of the oldest event of a buffer that is not stored; 0: all are.",
    samples: perBuffer(({ oldestUnacknowledgedAgeMs }) => (oldestUnacknowledgedAgeMs ?? 0) / 1000),
  },
  evalforge_ingest_waiting_objects: {
    type: "gauge",
    help: "Objects that edges wrote round a buffer, and that are not stored yet; counted up to 1000.",
    samples: perRegion(({ waiting }) => waiting?.objects ?? null),
  },
  evalforge_ingest_lag_seconds: {
    type: "gauge",
    help: "How far ClickHouse is behind what was accepted.",
    samples: perRegion((facts) => {
      const lagMs = lagMsOf(facts);
      return lagMs === null ? null : lagMs / 1000;
    }),
  },
  evalforge_ingest_newest_received_timestamp_seconds: {
    type: "gauge",
    help: "When the newest span in ClickHouse was accepted.",
    samples: perRegion(({ clickhouse }) =>
      clickhouse.status === "up" && clickhouse.newestReceivedAtMs !== null ? clickhouse.newestReceivedAtMs / 1000 : null,
    ),
  },
  evalforge_dead_letters_open: {
    type: "gauge",
    help: "Dead letters that nobody has replayed or discarded.",
    samples: perRegion(({ deadLetters }) => deadLetters?.open ?? null),
  },
  evalforge_lost_spans: {
    type: "gauge",
    help: "Spans of calls that could be recorded nowhere, as reported since the start of yesterday (UTC).",
    samples: perRegion(({ lost }) => lost?.spans ?? null),
  },
  evalforge_ingest_verdict: {
    type: "gauge",
    help: "1 for the verdict that GET /api/ingestion gives of the region, 0 for the others.",
    samples: ({ regions }) =>
      regions.flatMap(({ region, verdict }) =>
        verdictSchema.options.map((each) => ({ labels: { region, verdict: each }, value: each === verdict ? 1 : 0 })),
      ),
  },
  evalforge_dependency_up: {
    type: "gauge",
    help: "1: the store answers, 0: it does not.",
    samples: ({ dependencies }) =>
      dependencies.flatMap(({ store, region, status }) =>
        status === "not_configured" ? [] : [{ labels: { store, region: region ?? "" }, value: status === "up" ? 1 : 0 }],
      ),
  },
  evalforge_dependency_latency_seconds: {
    type: "gauge",
    help: "Until the store answered, or was given up after 2 seconds.",
    samples: ({ dependencies }) =>
      dependencies.flatMap(({ store, region, latencyMs }) =>
        latencyMs === null ? [] : [{ labels: { store, region: region ?? "" }, value: latencyMs / 1000 }],
      ),
  },
  evalforge_recent_calls: {
    type: "gauge",
    help: `Calls at the gateway that began ${recent}.`,
    samples: perCalls(({ calls }) => calls),
  },
  evalforge_recent_tokens: {
    type: "gauge",
    help: `Tokens of calls that began ${recent}.`,
    samples: perCalls(({ tokens }) => tokens),
  },
  evalforge_recent_cost_usd: {
    type: "gauge",
    help: `Cost of calls that began ${recent} and whose price is known.`,
    samples: perCalls(({ costNanoUsd }) => costNanoUsd / 1e9),
  },
  evalforge_recent_latency_seconds: {
    type: "gauge",
    help: `Quantiles of the whole duration of calls that began ${recent}.`,
    samples: ({ recentCalls }) =>
      recentCalls.flatMap((calls) =>
        Object.entries(calls.latencyMs).map(([quantile, ms]) => ({ labels: { ...labelsOf(calls), quantile }, value: ms / 1000 })),
      ),
  },
} as const satisfies Record<string, MetricRow>;

/** The figures that facts give of every metric. */
export function metricsOf(facts: OperationFacts): MetricFamily[] {
  return Object.entries(metrics).map(([name, { type, help, samples }]) => ({ name, type, help, samples: samples(facts) }));
}
