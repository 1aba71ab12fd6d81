import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { describeMachine, type Machine } from "../gateway/machine.ts";
import { percentile } from "../gateway/percentile.ts";
import { queryRows } from "../ingest/count-spans.ts";
import { tracePrefix } from "../ingest/ids.ts";
import { loadResultSchema, type LoadOrder } from "../ingest/load-order.ts";
import { spansPerBatch } from "../ingest/loads.ts";
import { startIngestSystem, type IngestSystem } from "../ingest/system.ts";
import { nowMicroseconds } from "../wire/monotonic.ts";

export const freshness = { spansPerSecond: 3_000, seconds: 30, warmUpSeconds: 5, lookEveryMs: 50, goalP95Ms: 2_000 } as const;
const patienceMs = 60_000;

export interface FreshnessReport {
  readonly machine: Machine;
  readonly loadAverageBefore: number;
  readonly batches: number;
  readonly accepted: number;
  readonly seen: number;
  /** From the end of a batch's answer until a query has shown all of its spans. */
  readonly freshMs: { readonly p50: number; readonly p95: number; readonly p99: number; readonly max: number };
}

export function isFresh({ freshMs, accepted, seen }: FreshnessReport): boolean {
  return accepted === seen && freshMs.p95 <= freshness.goalP95Ms;
}

/** Sends batches evenly, and looks all the time which of them a query shows whole. */
export async function runFreshness(say: (text: string) => void): Promise<FreshnessReport> {
  const loadAverageBefore = loadavg()[0] ?? 0;
  const system = await startIngestSystem();
  try {
    say("warming up");
    await send(system, 1, freshness.warmUpSeconds);
    say(`${freshness.spansPerSecond} spans a second for ${freshness.seconds} s`);
    const batches = (freshness.spansPerSecond * freshness.seconds) / spansPerBatch;
    const [result, seenUs] = await Promise.all([send(system, 2, freshness.seconds), watch(system, 2, batches)]);
    const fresh = Float64Array.from(
      Array.from(result.acceptedUs).flatMap((acceptedUs, batch) => {
        const atUs = seenUs.get(batch);
        return acceptedUs === 0 || atUs === undefined ? [] : [(atUs - acceptedUs) / 1000];
      }),
    ).sort();
    return {
      machine: describeMachine(),
      loadAverageBefore,
      batches,
      accepted: result.latenciesUs.length,
      seen: fresh.length,
      freshMs: { p50: percentile(fresh, 0.5), p95: percentile(fresh, 0.95), p99: percentile(fresh, 0.99), max: fresh.at(-1) ?? 0 },
    };
  } finally {
    await system.stop();
  }
}

async function send({ url, headers, generator }: IngestSystem, load: number, seconds: number) {
  const batchesPerSecond = freshness.spansPerSecond / spansPerBatch;
  const order: LoadOrder = {
    url: `${url}/v1/events`,
    headers: { ...headers },
    form: "json-gzip",
    load,
    batches: batchesPerSecond * seconds,
    batchesPerSecond,
    connections: 8,
  };
  return loadResultSchema.parse(await generator.ask(order));
}

/** When each batch was first seen whole, in monotonic microseconds. */
async function watch({ clickhouseUrl }: IngestSystem, load: number, batches: number): Promise<ReadonlyMap<number, number>> {
  const seenUs = new Map<number, number>();
  const endUs = nowMicroseconds() + (freshness.seconds * 1000 + patienceMs) * 1000;
  while (seenUs.size < batches && nowMicroseconds() < endUs) {
    const rows = await queryRows(
      clickhouseUrl,
      `SELECT substring(trace_id, 5, 8) AS batch FROM spans WHERE startsWith(trace_id, '${tracePrefix(load)}') GROUP BY batch HAVING count() >= ${spansPerBatch}`,
    );
    const atUs = nowMicroseconds();
    for (const [batch] of rows) {
      const number = Number.parseInt(String(batch), 16);
      if (!seenUs.has(number)) seenUs.set(number, atUs);
    }
    await sleep(freshness.lookEveryMs);
  }
  return seenUs;
}
