import { verdictSchema, type IngestionFacts, type Verdict } from "../contracts/api/ingestion.ts";
import { bufferLimits } from "../ingest/buffer.ts";

/** From where on something is late or stuck. */
export const ingestionThresholds = {
  /** Usual is a second or two. */
  lateAfterMs: 30_000,
  /** The outbox has sent a key several times by then. */
  stuckAfterMs: 5 * 60_000,
  /** The sweep takes what waits once a minute. */
  waitingLateAfterMs: 2 * 60_000,
  /** Of what a buffer may hold before it refuses. */
  fullAtShare: 0.75,
} as const;

export interface Judged {
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
}

interface Finding {
  readonly verdict: Exclude<Verdict, "ok">;
  readonly reason: string;
}

type BufferFacts = IngestionFacts["buffers"][number];
const severity = (verdict: Verdict): number => verdictSchema.options.indexOf(verdict);
const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;
const amount = (count: number, isComplete: boolean): string => `${count}${isComplete ? "" : " or more"}`;

/** Every question that is put to a region's facts; what it finds counts, worst first. */
const questions: readonly ((facts: IngestionFacts) => readonly Finding[])[] = [
  ({ lost }) =>
    lost === null || lost.spans === 0
      ? []
      : [{ verdict: "lossy", reason: `${amount(lost.spans, lost.isComplete)} spans of calls could not be recorded anywhere` }],
  ({ deadLetters }) =>
    deadLetters === null || deadLetters.open === 0
      ? []
      : [
          {
            verdict: "lossy",
            reason: `${amount(deadLetters.open, deadLetters.isComplete)} dead letters are open: replay or discard them`,
          },
        ],
  ({ buffers }) => buffers.flatMap(judgeBuffer),
  ({ waiting }) => {
    if (waiting === null || waiting.oldestAgeMs === null) return [];
    const reason = `${amount(waiting.objects, waiting.isComplete)} objects that went round a buffer wait to be stored, the oldest for ${seconds(waiting.oldestAgeMs)}`;
    if (waiting.oldestAgeMs >= ingestionThresholds.stuckAfterMs) return [{ verdict: "stuck", reason }];
    return waiting.oldestAgeMs >= ingestionThresholds.waitingLateAfterMs ? [{ verdict: "late", reason }] : [];
  },
  ({ clickhouse }) =>
    clickhouse.status === "down" ? [{ verdict: "stuck", reason: "ClickHouse does not answer: accepted events wait in the bucket" }] : [],
  ({ clickhouse, buffers }) =>
    clickhouse.status === "not_configured" && buffers.some(({ status }) => (status?.unacknowledgedObjects ?? 0) > 0)
      ? [{ verdict: "stuck", reason: "events are accepted, but the region has no ClickHouse: set its CLICKHOUSE_URL" }]
      : [],
  ({ waiting, deadLetters, lost }) =>
    waiting === null || deadLetters === null || lost === null
      ? [{ verdict: "stuck", reason: "the bucket does not answer: whether anything waits or is dead cannot be told" }]
      : [],
];

function judgeBuffer({ shard, status }: BufferFacts): Finding[] {
  if (status === null) return [{ verdict: "stuck", reason: `buffer ${shard} does not answer: edges go round it` }];
  const findings: Finding[] = [];
  const ageMs = status.oldestUnacknowledgedAgeMs ?? 0;
  const { lateAfterMs, stuckAfterMs, fullAtShare } = ingestionThresholds;
  if (ageMs >= lateAfterMs) {
    const reason = `buffer ${shard} has ${status.unacknowledgedObjects} objects that are not stored, the oldest for ${seconds(ageMs)}`;
    findings.push({ verdict: ageMs >= stuckAfterMs ? "stuck" : "late", reason });
  }
  if (status.unsealedBytes >= bufferLimits.unsealedBytesMax * fullAtShare) {
    const reason = `buffer ${shard} holds ${status.unsealedBytes} bytes that are not in the bucket, and refuses more at ${bufferLimits.unsealedBytesMax}`;
    findings.push({ verdict: status.unsealedBytes >= bufferLimits.unsealedBytesMax ? "stuck" : "late", reason });
  }
  return findings;
}

/** One plain word for a region, and why. */
export function judgeRegion(facts: IngestionFacts): Judged {
  const findings = questions.flatMap((ask) => ask(facts)).toSorted((one, other) => severity(other.verdict) - severity(one.verdict));
  return { verdict: findings[0]?.verdict ?? "ok", reasons: findings.map(({ reason }) => reason) };
}

/** The worst of all regions, and each reason with the region that it is of. */
export function judgeAll(regions: readonly (Judged & { readonly region: string })[]): Judged {
  const worstFirst = regions.toSorted((one, other) => severity(other.verdict) - severity(one.verdict));
  return {
    verdict: worstFirst[0]?.verdict ?? "ok",
    reasons: worstFirst.flatMap(({ region, reasons }) => reasons.map((reason) => `${region}: ${reason}`)),
  };
}

/** The age of the oldest event that was accepted and is not stored; 0: all are. `null`: a store that knows does not answer. */
export function lagMsOf({ buffers, waiting }: IngestionFacts): number | null {
  if (waiting === null || buffers.some(({ status }) => status === null)) return null;
  return Math.max(waiting.oldestAgeMs ?? 0, ...buffers.map(({ status }) => status?.oldestUnacknowledgedAgeMs ?? 0));
}
