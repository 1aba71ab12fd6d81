import * as z from "zod";
import { hasClickhouse } from "#adapters/clickhouse/client.ts";
import { isExpiring, startExpiry } from "#adapters/clickhouse/expire-rows.ts";
import { log } from "#adapters/log.ts";
import { connect, type PostgresEnvironment } from "#adapters/postgres/database.ts";
import { readRetentions } from "#adapters/postgres/retentions.ts";
import { bucketOf } from "#adapters/r2/buckets.ts";
import { regionSchema, type Region } from "#core/contracts/region.ts";
import { dayOf } from "#core/ingest/object-key.ts";
import { lagMsOf } from "#core/operations/ingestion-verdict.ts";
import { expiryOf, mixedBeforeMs, type ProjectRetention } from "#core/operations/retention.ts";
import type { ConsumerEnv } from "./consume.ts";
import { expireMixedObjects, expirePayloads } from "./expire-objects.ts";
import { readIngestion } from "./read-ingestion.ts";

export type RetentionEnv = ConsumerEnv & PostgresEnvironment;

/**
 * A day's run, step by step: rows are let go; the server is done with them; payloads that no row refers to; objects of
 * several projects; all is done. Each step may be repeated, so a crash anywhere costs only its repetition.
 */
const stepSchema = z.enum(["rows", "rows-going", "payloads", "objects", "done"]);

const markerSchema = z.strictObject({
  day: z.string(),
  step: stepSchema,
  /** What is over is told from here, the same through all of a run. */
  startedAtMs: z.int(),
  /** Where the step goes on: the last key that it has seen. */
  cursor: z.string().nullable(),
  deleted: z.strictObject({ payloads: z.int(), objects: z.int() }),
});
export type RetentionMarker = z.infer<typeof markerSchema>;

/** More behind than this, rows may be on their way that refer to payloads of long ago. */
const behindMaxMs = 3_600_000;

export function retentionMarkerKey(region: Region): string {
  return `retention/${region}.json`;
}

/** Once a minute: goes on with every region's run of today, for at most `workMs`. Never throws; what fails is tried again. */
export async function enforceRetention(env: RetentionEnv, nowMs: number, workMs = 30_000): Promise<void> {
  await Promise.all(
    regionSchema.options.map(async (region) => {
      try {
        await goOn(env, region, nowMs, Date.now() + workMs);
      } catch (error) {
        log("retention_failed", { region, error });
      }
    }),
  );
}

async function goOn(env: RetentionEnv, region: Region, nowMs: number, untilMs: number): Promise<void> {
  let marker = await readMarker(env, region, nowMs);
  if (marker.step === "done") return;
  const retentions = await readRetentions(connect(env), region);
  while (marker.step !== "done" && Date.now() < untilMs) {
    const next = await takeStep(env, region, marker, retentions, untilMs);
    if (next === null) return;
    marker = next;
    await bucketOf(env, region).put(retentionMarkerKey(region), JSON.stringify(marker));
  }
  if (marker.step === "done") log("retention_done", { region, count: marker.deleted.payloads + marker.deleted.objects });
}

/** The run of today, or an earlier one that has not ended. */
async function readMarker(env: RetentionEnv, region: Region, nowMs: number): Promise<RetentionMarker> {
  const stored = await (await bucketOf(env, region).get(retentionMarkerKey(region)))?.json();
  const marker = markerSchema.nullable().parse(stored ?? null);
  if (marker !== null && (marker.step !== "done" || marker.day === dayOf(nowMs))) return marker;
  return { day: dayOf(nowMs), step: "rows", startedAtMs: nowMs, cursor: null, deleted: { payloads: 0, objects: 0 } };
}

/** One step, or a part of it; `null`: it must wait for another minute. */
async function takeStep(
  env: RetentionEnv,
  region: Region,
  marker: RetentionMarker,
  retentions: readonly ProjectRetention[],
  untilMs: number,
): Promise<RetentionMarker | null> {
  const { step, startedAtMs, cursor, deleted } = marker;
  const expiries = retentions.map((each) => expiryOf(each, startedAtMs));
  const to = (next: z.infer<typeof stepSchema>): RetentionMarker => ({ ...marker, step: next, cursor: null });
  switch (step) {
    case "rows":
      if (!hasClickhouse(env, region)) return to("objects");
      if (await isExpiring(env, region)) return null;
      await startExpiry(env, region, expiries);
      return to("rows-going");
    case "rows-going":
      return (await isExpiring(env, region)) ? null : to("payloads");
    case "payloads": {
      if (await isBehind(env, region)) return null;
      const part = await expirePayloads(env, region, expiries, { cursor, untilMs });
      const counted = { ...deleted, payloads: deleted.payloads + part.deleted };
      return part.cursor === null ? { ...to("objects"), deleted: counted } : { ...marker, cursor: part.cursor, deleted: counted };
    }
    case "objects": {
      if (await isBehind(env, region)) return null;
      const part = await expireMixedObjects(env, region, mixedBeforeMs(retentions, startedAtMs), { cursor, untilMs });
      const counted = { ...deleted, objects: deleted.objects + part.deleted };
      return part.cursor === null ? { ...to("done"), deleted: counted } : { ...marker, cursor: part.cursor, deleted: counted };
    }
    case "done":
      return marker;
  }
}

/** Whether something may be on its way that needs what is about to go: also where that cannot be told. */
async function isBehind(env: RetentionEnv, region: Region): Promise<boolean> {
  const lagMs = lagMsOf(await readIngestion(env, region, Date.now()));
  return lagMs === null || lagMs > behindMaxMs;
}
