/**
 * `npm run replay -- --region us-east --from 2026-11-01 --to 2026-11-24`: rebuilds what ClickHouse holds of the events that
 * were accepted on these days (UTC, both included) from the raw objects in the bucket, while ingestion goes on. Stopped
 * anywhere, the same command goes on; `--dry-run` only counts, `--abandon` gives up what was begun. It asks the app
 * Worker: `--app-url` or EVALFORGE_APP_URL, with the admin key from ADMIN_KEY; without them the system of this machine.
 * Exit codes: 0 done, 1 failed or refused, 2 asked wrongly.
 */
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import * as z from "zod";
import { createClient, type CallFailure, type CallResult } from "#core/contracts/api/client.ts";
import type { Replay } from "#core/contracts/api/replay.ts";
import { regionSchema, type Region } from "#core/contracts/region.ts";
import { readTarget, senderTo } from "./replay-api.ts";

const usage = "npm run replay -- --region <region> --from <yyyy-mm-dd> --to <yyyy-mm-dd> [--dry-run | --abandon] [--app-url <url>]";
const retryPauseMs = 3_000;
const triesMax = 100;
/** While inserts into the former tables come to their end. */
const settlePauseMs = 5_000;

const optionsSchema = z.object({
  region: regionSchema,
  from: z.iso.date(),
  to: z.iso.date(),
  "dry-run": z.boolean().default(false),
  abandon: z.boolean().default(false),
  "app-url": z.url().optional(),
});

type Api = ReturnType<typeof createClient>;

async function main(): Promise<number> {
  const options = readOptions();
  const target = options === null ? null : await readTarget(options["app-url"]);
  if (options === null || target === null) {
    console.error(`${usage}\nADMIN_KEY and EVALFORGE_APP_URL (or --app-url) say where, unless a system runs on this machine.`);
    return 2;
  }
  const api = createClient({ send: senderTo(target) });
  const { region, from: fromDay, to: toDay } = options;
  if (options["dry-run"]) return await countObjects(api, region, { fromDay, toDay });
  if (options.abandon) return report(await api.call("abandonReplay", { params: { region }, query: {} }));
  const begun = await beginOrGoOn(api, region, { fromDay, toDay });
  return begun === null ? 1 : await runToEnd(api, begun);
}

function readOptions(): z.infer<typeof optionsSchema> | null {
  try {
    const { values } = parseArgs({
      options: {
        region: { type: "string" },
        from: { type: "string" },
        to: { type: "string" },
        "dry-run": { type: "boolean" },
        abandon: { type: "boolean" },
        "app-url": { type: "string" },
      },
    });
    return optionsSchema.parse(values);
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : String(error);
    console.error(reason);
    return null;
  }
}

interface DayRange {
  readonly fromDay: string;
  readonly toDay: string;
}

async function countObjects(api: Api, region: Region, range: DayRange): Promise<number> {
  let objects = 0;
  let bytes = 0;
  let cursor: string | undefined;
  do {
    const counted: Awaited<ReturnType<typeof countPage>> = await countPage(api, region, range, cursor);
    if (counted.kind !== "ok") return fail(counted);
    objects += counted.value.objects;
    bytes += counted.value.bytes;
    cursor = counted.value.nextCursor ?? undefined;
  } while (cursor !== undefined);
  console.log(`${objects} raw objects of ${bytes} bytes would be replayed into ${region}. Nothing was changed.`);
  return 0;
}

async function countPage(api: Api, region: Region, range: DayRange, cursor: string | undefined) {
  return await api.call("countRawObjects", { params: { region }, query: { ...range, cursor } });
}

/** Begins, or goes on with what was begun of the same days; `null`: neither can be. */
async function beginOrGoOn(api: Api, region: Region, range: DayRange): Promise<Replay | null> {
  const begun = await api.call("beginReplay", { params: { region }, query: {}, body: range });
  if (begun.kind === "ok") return begun.value;
  const present = begun.kind === "conflict" ? await api.call("getReplay", { params: { region }, query: {} }) : begun;
  if (present.kind === "ok" && present.value.fromDay === range.fromDay && present.value.toDay === range.toDay) {
    console.log(`Going on with the replay ${present.value.replayId}.`);
    return present.value;
  }
  fail(begun);
  return null;
}

async function runToEnd(api: Api, begun: Replay): Promise<number> {
  let replay = begun;
  let failures = 0;
  while (endings[replay.step] === undefined) {
    const advanced = await api.call("advanceReplay", { params: { region: replay.region }, query: {} });
    if (advanced.kind !== "ok") {
      failures += 1;
      fail(advanced);
      if (advanced.kind !== "unavailable" || failures >= triesMax) return 1;
      await pause(retryPauseMs);
      continue;
    }
    failures = 0;
    if (describe(advanced.value) !== describe(replay)) console.log(describe(advanced.value));
    if (advanced.value.step === "settle") await pause(settlePauseMs);
    replay = advanced.value;
  }
  return report({ kind: "ok", value: replay });
}

function fail({ message }: CallFailure): number {
  console.error(message);
  return 1;
}

function describe({ step, objects, cursor }: Replay): string {
  return step === "objects" ? `objects: ${objects} stored, through ${cursor ?? "none"}` : `${step}${cursor === null ? "" : `: ${cursor}`}`;
}

/** How a replay ends: its exit code, and what is said. */
const endings: Partial<Record<Replay["step"], (replay: Replay) => readonly [exitCode: number, words: string]>> = {
  done: ({ objects }) => [0, `Done: ${objects} raw objects replayed.`],
  abandoned: () => [0, "Given up: nothing was changed."],
  refused: ({ reason }) => [1, `Refused, and nothing was changed: ${reason}. See why, then give it up with --abandon.`],
};

function report(result: CallResult<Replay>): number {
  if (result.kind !== "ok") return fail(result);
  const { step, before, after } = result.value;
  if (before !== null && after !== null) {
    console.log(`Of these objects ClickHouse held ${before.spans} spans that cost ${before.costNanoUsd} nano-dollars;`);
    console.log(`the replay made ${after.spans} spans that cost ${after.costNanoUsd} nano-dollars.`);
  }
  const [exitCode, words] = endings[step]?.(result.value) ?? [1, `It stopped at ${step}.`];
  (exitCode === 0 ? console.log : console.error)(words);
  return exitCode;
}

process.exitCode = await main();
