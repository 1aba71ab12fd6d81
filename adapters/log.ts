import * as z from "zod";
import { keyIdSchema, projectIdSchema, spanIdSchema } from "#core/contracts/id.ts";
import { regionSchema } from "#core/contracts/region.ts";
import { errorClass } from "./unavailable.ts";

type Level = "info" | "warn" | "error";

/** All that is logged, and how loud. `error`: something is lost or broken; `warn`: it will be tried again. */
const logEvents = {
  append_failed: "warn",
  buffer_drain_broke_off: "error",
  buffer_object_not_written: "warn",
  buffer_keys_not_sent: "warn",
  buffer_unreachable: "warn",
  dead_letter_written: "error",
  dead_letter_not_written: "warn",
  dependency_down: "warn",
  idempotency_key_not_let_go: "warn",
  idempotency_keys_not_removed: "warn",
  key_lookup_failed: "error",
  limiter_unreachable: "warn",
  limits_root_unreachable: "warn",
  limit_events_not_removed: "warn",
  limit_events_not_stored: "warn",
  limit_events_refused: "error",
  key_snapshots_not_forgotten: "warn",
  metrics_incomplete: "warn",
  object_not_acknowledged: "warn",
  object_not_stored: "warn",
  payload_not_stored: "error",
  request_failed: "error",
  rollups_failed: "warn",
  rollups_unfinished: "warn",
  retention_done: "info",
  retention_failed: "warn",
  spans_lost: "error",
  spans_lost_not_reported: "warn",
  store_unavailable: "error",
  sweep_broke_off: "warn",
} as const satisfies Record<string, Level>;

const name = z.string().regex(/^[\w.:-]{1,64}$/);

/** The only fields that a line may have, each with what it may hold: no field takes free text, so that nothing of a payload or a secret can pass. */
const logFields = {
  region: regionSchema,
  shard: z.int(),
  count: z.int(),
  attempt: z.int(),
  seq: z.int(),
  upstreamStatus: z.int(),
  projectId: projectIdSchema,
  spanId: spanIdSchema,
  keyId: keyIdSchema,
  /** Of an object in a bucket. */
  objectKey: z.string().regex(/^(?:raw|waiting|dead|lost|retention|replays)\/[\w./:-]{1,400}$/),
  /** A name of a table of ours. */
  endpoint: name,
  store: name,
  outcome: name,
  /** The store's or the system's own; empty where there is none. */
  code: z.union([name, z.literal("")]),
  /** What `queues/store-object.ts` says, where it is one of its own sentences. */
  reason: z
    .string()
    .regex(
      /^(?:clickhouse: (?:no answer|code \d{1,5})|there is no such object|this is no object's key|a record of schema version \d+ needs newer code|unexpected \w+)$/,
    ),
} as const satisfies Record<string, z.ZodType>;

export type LogEvent = keyof typeof logEvents;
/** `error` is what was thrown: its code or class and its places are written, never its words, which may quote anything. */
export type LogFields = { readonly [Field in keyof typeof logFields]?: string | number } & { readonly error?: unknown };

const withheld = "[withheld]";
const framesMax = 4;

/** Writes one line of JSON: `{"level":"warn","event":"append_failed","region":"us-east",…}`. What a field may not hold is withheld. */
export function log(event: LogEvent, { error, ...fields }: LogFields = {}): void {
  const level = logEvents[event];
  const line: Record<string, unknown> = { level, event };
  for (const [field, value] of Object.entries(fields)) {
    if (value !== undefined) line[field] = isField(field) && logFields[field].safeParse(value).success ? value : withheld;
  }
  if (error !== undefined) line["error"] = describeError(error);
  console[level](JSON.stringify(line));
}

function isField(field: string): field is keyof typeof logFields {
  return Object.hasOwn(logFields, field);
}

function describeError(error: unknown): Record<string, unknown> {
  return { class: textOrWithheld(errorClass(error)), at: error instanceof Error ? placesOf(error) : [] };
}

/** The first places of a stack, which come after its message. */
function placesOf({ stack = "" }: Error): string[] {
  return [...stack.matchAll(/^ {4}at (?:async )?([\w.#<>[\] ]{1,80}) \(/gm)].slice(0, framesMax).map(([, place = ""]) => place);
}

function textOrWithheld(text: string): string {
  return name.safeParse(text).success ? text : withheld;
}
