import * as z from "zod";
import type { Region } from "#core/contracts/region.ts";
import { dayOf } from "#core/ingest/object-key.ts";
import { bucketOf, type Buckets } from "./buckets.ts";
import { createObject } from "./create-object.ts";

/** Spans of calls that an edge could bring neither to their buffer nor round it. */
export interface LostReport {
  readonly region: Region;
  /** A UUID; writing again under the same one changes nothing. */
  readonly id: string;
  readonly spans: number;
  /** When the first of them was given up. */
  readonly atMs: number;
}

const metadataSchema = z.object({
  spans: z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
});
const reportsAtOnce = 1_000;

/** `lost/<region>/<day>/<uuid>`: an empty object that carries the number. Throws what the bucket throws. */
export async function writeLostReport(env: Buckets, { region, id, spans, atMs }: LostReport): Promise<void> {
  const key = `lost/${region}/${dayOf(atMs)}/${id}`;
  await createObject(bucketOf(env, region), key, "", { mediaType: "text/plain", metadata: { spans: String(spans) } });
}

export interface LostSpans {
  readonly spans: number;
  /** There are no more than these. */
  readonly isComplete: boolean;
  readonly newestAtMs: number | null;
}

/** What was reported for a region on the days given. Throws what the bucket throws. */
export async function countLostSpans(env: Buckets, region: Region, days: readonly string[]): Promise<LostSpans> {
  const pages = await Promise.all(
    days.map((day) => bucketOf(env, region).list({ prefix: `lost/${region}/${day}/`, limit: reportsAtOnce, include: ["customMetadata"] })),
  );
  const reports = pages.flatMap(({ objects }) => objects);
  return {
    spans: reports.reduce((sum, { customMetadata }) => sum + metadataSchema.parse(customMetadata).spans, 0),
    isComplete: pages.every(({ truncated }) => !truncated),
    newestAtMs: reports.length === 0 ? null : Math.max(...reports.map(({ uploaded }) => uploaded.getTime())),
  };
}
