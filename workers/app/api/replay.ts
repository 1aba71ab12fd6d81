import { attempt, type Answered, type Unavailable } from "#adapters/unavailable.ts";
import { log } from "#adapters/log.ts";
import type { Replay } from "#core/contracts/api/replay.ts";
import { failure, type Failure } from "#core/contracts/error.ts";
import type { Region } from "#core/contracts/region.ts";
import { parseObjectKey } from "#core/ingest/object-key.ts";
import { listRawObjects, type DayRange } from "#queues/list-raw-objects.ts";
import { abandonReplay as abandon, advanceReplay as advance, beginReplay as begin, readReplay } from "#queues/replay.ts";
import type { AppEnvironment } from "../environment.ts";
import type { Handler } from "./handler.ts";

const objectsAtOnce = 1_000;

export const countRawObjects: Handler<"countRawObjects"> = async (env, { params: { region }, query: { cursor, ...range } }) => {
  const wrong = wrongRange(range);
  if (wrong !== null) return wrong;
  if (cursor !== undefined && parseObjectKey(cursor)?.region !== region)
    return failure("invalid_field", "`cursor` must be the `nextCursor` of an earlier page.", "cursor");
  return await attempt("r2", async () => {
    const { objects, nextCursor } = await listRawObjects(env, region, range, { cursor: cursor ?? null, limit: objectsAtOnce });
    return { objects: objects.length, bytes: objects.reduce((sum, { bytes }) => sum + bytes, 0), nextCursor };
  });
};

export const beginReplay: Handler<"beginReplay"> = async (env, { params: { region }, body: range }) => {
  const wrong = wrongRange(range);
  if (wrong !== null) return wrong;
  const begun = await attempt("r2", async () => await begin(env, region, range, Date.now()));
  if (begun.kind === "unavailable") return begun;
  switch (begun.value.kind) {
    case "begun":
      return { kind: "answered", value: begun.value.replay };
    case "busy": {
      const { fromDay, toDay, step } = begun.value.replay;
      return failure("conflict", `A replay of ${fromDay} to ${toDay} is under way in ${region} (${step}): let it go on, or give it up.`);
    }
    case "no-store":
      return failure("invalid_field", "`region` has no ClickHouse.", "region");
  }
};

export const getReplay: Handler<"getReplay"> = async (env, { params: { region } }) => await find(env, region);

export const advanceReplay: Handler<"advanceReplay"> = async (env, { params: { region } }) => {
  const found = await find(env, region);
  if (found.kind !== "answered") return found;
  const advanced = await attempt("clickhouse", async () => await advance(env, found.value, Date.now()));
  if (advanced.kind === "unavailable") return advanced;
  if (advanced.value.kind === "advanced") return { kind: "answered", value: advanced.value.replay };
  log("object_not_stored", { region, outcome: "later" });
  return failure("dependency_unavailable", "An object cannot be stored for now. Let the replay go on later.");
};

export const abandonReplay: Handler<"abandonReplay"> = async (env, { params: { region } }) => {
  const found = await find(env, region);
  if (found.kind !== "answered") return found;
  const abandoned = await attempt("clickhouse", async () => await abandon(env, found.value));
  if (abandoned.kind === "unavailable") return abandoned;
  return abandoned.value === null
    ? failure("conflict", "The tables of this replay have changed places: it can only go on.")
    : { kind: "answered", value: abandoned.value };
};

function wrongRange({ fromDay, toDay }: DayRange): Failure | null {
  return fromDay > toDay ? failure("invalid_field", "`fromDay` must not be later than `toDay`.", "fromDay") : null;
}

async function find(env: AppEnvironment, region: Region): Promise<Answered<Replay> | Failure | Unavailable> {
  const read = await attempt("r2", async () => await readReplay(env, region));
  if (read.kind === "unavailable") return read;
  return read.value === null
    ? failure("not_found", "There was no replay in this region.", "region")
    : { kind: "answered", value: read.value };
}
