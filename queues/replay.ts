import { hasClickhouse } from "#adapters/clickhouse/client.ts";
import {
  buildReplacement,
  comeInAgain,
  compareFigures,
  countMissing,
  createShadow,
  dropReplayTables,
  noteReplayed,
  presentTables,
  shadowEnvironment,
  swapIn,
  takeOver,
} from "#adapters/clickhouse/replay-tables.ts";
import { connect } from "#adapters/postgres/database.ts";
import { readRetentions } from "#adapters/postgres/retentions.ts";
import { bucketOf, type Buckets } from "#adapters/r2/buckets.ts";
import { replaySchema, type Replay } from "#core/contracts/api/replay.ts";
import type { Region } from "#core/contracts/region.ts";
import { expiryOf } from "#core/operations/retention.ts";
import { listRawObjects, type DayRange } from "./list-raw-objects.ts";
import { storeObject, type StoreEnv } from "./store-object.ts";

/** Objects in memory at once: each is about 4 MB unpacked, several times that when parsed. */
const atOnce = 2;
const pageSize = 20;
/** An insert that began before the tables changed places may still end in the former one: the client gives up after 30 s. */
const insertLastsMaxMs = 40_000;

function markerKey(region: Region): string {
  return `replays/${region}.json`;
}

/** The region's replay, under way or the last one; `null`: there was none. Throws what the bucket throws. */
export async function readReplay(env: Buckets, region: Region): Promise<Replay | null> {
  const marker = await bucketOf(env, region).get(markerKey(region));
  return marker === null ? null : replaySchema.parse(await marker.json());
}

async function save(env: Buckets, replay: Replay): Promise<Replay> {
  await bucketOf(env, replay.region).put(markerKey(replay.region), JSON.stringify(replay));
  return replay;
}

/** Whether nothing of it is left to do. */
export function hasEnded({ step }: Replay): boolean {
  return step === "done" || step === "abandoned";
}

/** `busy`: another one is under way. `no-store`: the region has no ClickHouse. */
export type Begun =
  | { readonly kind: "begun"; readonly replay: Replay }
  | { readonly kind: "busy"; readonly replay: Replay }
  | { readonly kind: "no-store" };

/** Begins to rebuild a region's tables from the raw objects of a range of days. Throws what the stores throw. */
export async function beginReplay(env: StoreEnv, region: Region, range: DayRange, nowMs: number): Promise<Begun> {
  if (!hasClickhouse(env, region)) return { kind: "no-store" };
  const earlier = await readReplay(env, region);
  if (earlier !== null && !hasEnded(earlier)) return { kind: "busy", replay: earlier };
  const replay: Replay = {
    replayId: new Date(nowMs).toISOString().replaceAll(/\D/g, "").slice(0, 14),
    region,
    ...range,
    startedAtMs: nowMs,
    step: "objects",
    cursor: null,
    objects: 0,
    before: null,
    after: null,
    swappedAtMs: null,
    reason: "",
    replacements: {},
  };
  return { kind: "begun", replay: await save(env, replay) };
}

/** Gives a replay up and drops its tables; `null`: they have changed places already, and it can only go on. */
export async function abandonReplay(env: StoreEnv, replay: Replay): Promise<Replay | null> {
  if (hasEnded(replay)) return replay;
  if (replay.step === "swap" || replay.step === "settle" || replay.step === "drop") return null;
  await dropReplayTables(env, replay);
  return await save(env, { ...replay, step: "abandoned" });
}

export type Advanced = { readonly kind: "advanced"; readonly replay: Replay } | { readonly kind: "later"; readonly reason: string };

/**
 * Lets a replay go on, one step or a part of one. Every part may be repeated, so a failure or a crash costs only its
 * repetition. `later`: an object cannot be stored for now. Throws what the stores throw.
 */
export async function advanceReplay(env: StoreEnv, replay: Replay, nowMs: number): Promise<Advanced> {
  if (replay.step === "objects") return await storePage(env, replay, nowMs);
  return { kind: "advanced", replay: await save(env, await takeStep(env, replay, nowMs)) };
}

async function takeStep(env: StoreEnv, replay: Replay, nowMs: number): Promise<Replay> {
  const to = (step: Replay["step"]): Replay => ({ ...replay, step, cursor: null });
  switch (replay.step) {
    case "verify": {
      const retentions = await readRetentions(connect(env), replay.region);
      const missing = await countMissing(
        env,
        replay,
        retentions.map((each) => expiryOf(each, nowMs)),
      );
      const figures = await compareFigures(env, replay);
      const reason = missing
        .map(({ table, rows }) => `${rows} rows of ${table} that are stored now are not among what was replayed`)
        .join("; ");
      return { ...to(reason === "" ? "copy" : "refused"), ...figures, reason };
    }
    case "copy": {
      const next = await nextTable(env, replay);
      if (next === null) return to("swap");
      return { ...replay, cursor: next, replacements: { ...replay.replacements, [next]: await buildReplacement(env, replay, next) } };
    }
    case "swap":
      for (const [table, uuid] of Object.entries(replay.replacements)) await swapIn(env, replay, table, uuid);
      return { ...to("settle"), swappedAtMs: nowMs };
    case "settle": {
      const tables = Object.keys(replay.replacements);
      for (const table of tables) await takeOver(env, replay, table);
      if (nowMs < (replay.swappedAtMs ?? nowMs) + insertLastsMaxMs) return replay;
      for (const table of tables) await comeInAgain(env, replay, table);
      return to("drop");
    }
    case "drop":
      await dropReplayTables(env, replay);
      return to("done");
    case "objects":
    case "refused":
    case "done":
    case "abandoned":
      return replay;
  }
}

/** The table after the one that the cursor names; `null`: all are done. */
async function nextTable(env: StoreEnv, { region, cursor }: Replay): Promise<string | null> {
  const tables = await presentTables(env, region);
  return tables[tables.findIndex((table) => table === cursor) + 1] ?? null;
}

/** Stores a page of raw objects in the replay's tables, the consumer's way. */
async function storePage(env: StoreEnv, replay: Replay, nowMs: number): Promise<Advanced> {
  const { region, cursor, objects } = replay;
  await createShadow(env, replay);
  const shadow = shadowEnvironment(env, replay);
  const page = await listRawObjects(env, region, replay, { cursor, limit: pageSize });
  const stored: string[] = [];
  const later: string[] = [];
  const waiting = page.objects.values();
  const work = async (): Promise<void> => {
    for (const { key } of waiting) {
      const outcome = await storeObject(shadow, region, key, nowMs);
      // One that has gone since it was listed is over.
      if (outcome.kind === "done") stored.push(key);
      else if (outcome.kind === "later") later.push(`${key}: ${outcome.reason}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  await noteReplayed(env, replay, stored);
  const [reason] = later;
  if (reason !== undefined) return { kind: "later", reason };
  const next: Replay = {
    ...replay,
    objects: objects + stored.length,
    cursor: page.nextCursor,
    step: page.nextCursor === null ? "verify" : "objects",
  };
  return { kind: "advanced", replay: await save(env, next) };
}
