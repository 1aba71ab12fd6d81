import type { Region } from "#core/contracts/region.ts";
import { log } from "../log.ts";
import type { Buckets } from "../r2/buckets.ts";
import { writeLostReport } from "../r2/lost-report.ts";
import { within } from "../within.ts";

interface Unreported {
  readonly id: string;
  readonly atMs: number;
  spans: number;
  /** It may have arrived: what is lost from now on must come under another id. */
  isTried: boolean;
}

/** What this isolate has lost of each region and not reported yet, oldest first. */
const unreported = new Map<Region, Unreported[]>();
const bucketWithinMs = 2_000;

/** Notes a loss. Spans are lost where the bucket is down too, so it is told when the region next takes something. */
export function noteLost(region: Region, spans: number, nowMs: number): void {
  const reports = unreported.get(region) ?? [];
  unreported.set(region, reports);
  const last = reports.at(-1);
  if (last === undefined || last.isTried) reports.push({ id: crypto.randomUUID(), atMs: nowMs, spans, isTried: false });
  else last.spans += spans;
}

/** Writes one report on what this isolate has lost of a region, where it has. Never throws; what is not written stays for the next time. */
export async function reportLost(env: Buckets, region: Region): Promise<void> {
  const reports = unreported.get(region) ?? [];
  const [report] = reports;
  if (report === undefined) return;
  report.isTried = true;
  try {
    await within(writeLostReport(env, { region, id: report.id, spans: report.spans, atMs: report.atMs }), bucketWithinMs);
    if (reports[0] === report) reports.shift();
  } catch (error) {
    log("spans_lost_not_reported", { region, count: report.spans, error });
  }
}
