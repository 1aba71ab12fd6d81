import { test } from "vitest";
import { metricsOf } from "./metrics.ts";
import { formatMetrics } from "./prometheus.ts";

test("a figure that is not known is no sample, and no 0", ({ expect }) => {
  const text = formatMetrics(
    metricsOf({
      regions: [
        {
          region: "us-west",
          verdict: "stuck",
          buffers: [{ shard: 0, status: null }],
          waiting: null,
          deadLetters: null,
          lost: null,
          clickhouse: { status: "down" },
        },
      ],
      dependencies: [
        { store: "redis", region: "us-west", status: "not_configured", latencyMs: null, error: null },
        { store: "postgres", region: null, status: "down", latencyMs: 2000, error: "TimeoutError" },
      ],
      recentCalls: [],
    }),
  );
  expect(text.split("\n").filter((line) => line !== "" && !line.startsWith("#"))).toEqual([
    'evalforge_ingest_verdict{region="us-west",verdict="ok"} 0',
    'evalforge_ingest_verdict{region="us-west",verdict="late"} 0',
    'evalforge_ingest_verdict{region="us-west",verdict="stuck"} 1',
    'evalforge_ingest_verdict{region="us-west",verdict="lossy"} 0',
    'evalforge_dependency_up{store="postgres",region=""} 0',
    'evalforge_dependency_latency_seconds{store="postgres",region=""} 2',
  ]);
});

test("all that is known of a region is told, in seconds and dollars", ({ expect }) => {
  const status = {
    acceptedEvents: 10,
    unsealedEvents: 2,
    unsealedBytes: 300,
    unacknowledgedObjects: 1,
    oldestUnacknowledgedAgeMs: 1_500,
    deadObjects: 4,
  };
  const text = formatMetrics(
    metricsOf({
      regions: [
        {
          region: "us-east",
          verdict: "ok",
          buffers: [{ shard: 0, status }],
          waiting: { objects: 3, isComplete: true, oldestAgeMs: 2_000 },
          deadLetters: { open: 5, isComplete: true, newestAtMs: 1 },
          lost: { spans: 6, isComplete: true, newestAtMs: 1 },
          clickhouse: { status: "up", newestReceivedAtMs: 1_795_000_000_250 },
        },
      ],
      dependencies: [{ store: "r2", region: "us-east", status: "up", latencyMs: 12, error: null }],
      recentCalls: [
        {
          region: "us-east",
          provider: "openai",
          status: "ok",
          calls: 7,
          costNanoUsd: 2_500_000,
          tokens: 99,
          latencyMs: { "0.5": 100, "0.95": 200, "0.99": 300 },
        },
      ],
    }),
  );
  expect(text.split("\n").filter((line) => line !== "" && !line.startsWith("#"))).toEqual([
    'evalforge_ingest_accepted_events_total{region="us-east",shard="0"} 10',
    'evalforge_ingest_dead_objects_total{region="us-east",shard="0"} 4',
    'evalforge_ingest_unsealed_events{region="us-east",shard="0"} 2',
    'evalforge_ingest_unsealed_bytes{region="us-east",shard="0"} 300',
    'evalforge_ingest_unacknowledged_objects{region="us-east",shard="0"} 1',
    'evalforge_ingest_oldest_unacknowledged_seconds{region="us-east",shard="0"} 1.5',
    'evalforge_ingest_waiting_objects{region="us-east"} 3',
    'evalforge_ingest_lag_seconds{region="us-east"} 2',
    'evalforge_ingest_newest_received_timestamp_seconds{region="us-east"} 1795000000.25',
    'evalforge_dead_letters_open{region="us-east"} 5',
    'evalforge_lost_spans{region="us-east"} 6',
    'evalforge_ingest_verdict{region="us-east",verdict="ok"} 1',
    'evalforge_ingest_verdict{region="us-east",verdict="late"} 0',
    'evalforge_ingest_verdict{region="us-east",verdict="stuck"} 0',
    'evalforge_ingest_verdict{region="us-east",verdict="lossy"} 0',
    'evalforge_dependency_up{store="r2",region="us-east"} 1',
    'evalforge_dependency_latency_seconds{store="r2",region="us-east"} 0.012',
    'evalforge_recent_calls{region="us-east",provider="openai",status="ok"} 7',
    'evalforge_recent_tokens{region="us-east",provider="openai",status="ok"} 99',
    'evalforge_recent_cost_usd{region="us-east",provider="openai",status="ok"} 0.0025',
    'evalforge_recent_latency_seconds{region="us-east",provider="openai",status="ok",quantile="0.5"} 0.1',
    'evalforge_recent_latency_seconds{region="us-east",provider="openai",status="ok",quantile="0.95"} 0.2',
    'evalforge_recent_latency_seconds{region="us-east",provider="openai",status="ok",quantile="0.99"} 0.3',
  ]);
});
