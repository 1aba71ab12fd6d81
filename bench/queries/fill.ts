import { spanColumnNames, toSpanRow } from "../../adapters/clickhouse/span-row.ts";
import type { Span } from "../../core/contracts/span.ts";
import { traffic, type TrafficOptions } from "../../local/demo/traffic.ts";
import type { Database } from "./database.ts";
import { mergeByAge } from "./merge-by-age.ts";

/** Spans that the generator makes; all others are copies with ids, times and users of their own. */
export const generated = 50_000;
/** Of a copy's texts so many characters stay: 5 M whole ones would be 50 GB to write. */
export const copiedCharacters = { input_text: 600, output_text: 400 } as const;
const rowsOfInsert = 1_000;
/** The last hours lie in parts as small as the objects of a quiet project; what is older has been merged by its age. */
const recentMs = 7_200_000;
const rowsOfPart = { older: 5_000, recent: 100 } as const;
const dayMs = 86_400_000;
/** As the consumer's inserts: merges make the index of the search. */
const insertSettings = "exclude_materialize_skip_indexes_on_insert = 'spans_search', optimize_on_insert = 0";

async function insertSeed(database: Database, spans: Iterable<Span>): Promise<void> {
  let rows: string[] = [];
  const flush = async (): Promise<void> => {
    if (rows.length > 0)
      await database.run(`INSERT INTO seed (${spanColumnNames.join(", ")}) FORMAT JSONCompactEachRow\n${rows.join("\n")}`);
    rows = [];
  };
  for (const span of spans) {
    const batchObject = `raw/${span.homeRegion}/2026-11-01/0-1794000000000/${rows.length}`;
    rows.push(JSON.stringify(toSpanRow({ ...span, batchObject, receivedAtMs: Math.ceil(span.endedAtMs) })));
    if (rows.length === rowsOfInsert) await flush();
  }
  await flush();
}

/** Sixteen digits: `hex` leaves out the zeros that a number begins with. */
const hashed = (text: string): string => `leftPad(hex(sipHash64(${text}, copy)), 16, '0')`;
const movedMsMax = 7_200_000;
const shifted = (column: string): string =>
  `${column} + toIntervalMillisecond(cityHash64(trace_id, copy) % ${2 * movedMsMax}) - toIntervalMillisecond(${movedMsMax})`;

/** What a copy has in place of the original's: another trace at another time of the day, mostly by another user. */
const copiedColumns: ReadonlyMap<string, string> = new Map([
  ["trace_id", `lower(concat(${hashed("trace_id")}, ${hashed("reverse(trace_id)")}))`],
  ["span_id", `lower(${hashed("span_id")})`],
  ["parent_span_id", `if(parent_span_id = '', '', lower(${hashed("parent_span_id")}))`],
  ["started_at", shifted("started_at")],
  ["ended_at", shifted("ended_at")],
  ["received_at", shifted("received_at")],
  ["user_id", `if(cityHash64(user_id, copy) % 4 = 0, user_id, concat('user_', lower(${hashed("user_id")})))`],
  ["session_id", `concat('sess_', lower(${hashed("session_id")}))`],
  ["batch_object", "concat('raw/copied/', toString(copy))"],
  ["input_text", `leftUTF8(input_text, ${copiedCharacters.input_text})`],
  ["output_text", `leftUTF8(output_text, ${copiedCharacters.output_text})`],
]);

/**
 * Fills the table in the order in which spans came in, as time would: with the generator's spans and, made inside ClickHouse,
 * so many copies of each that there are `spans`. All but the last two hours are then merged as after an hour.
 */
export async function fill(database: Database, options: Omit<TrafficOptions, "count">, spans: number): Promise<void> {
  await database.run("CREATE TABLE seed AS spans ENGINE = MergeTree PRIMARY KEY started_at ORDER BY started_at");
  await insertSeed(database, traffic({ ...options, count: generated }));
  const times = Math.max(1, Math.round(spans / generated));
  const values = spanColumnNames.map((name) => {
    const copied = copiedColumns.get(name);
    return copied === undefined ? name : `if(copy = 0, ${name}, ${copied}) AS ${name}`;
  });
  // Day by day. Copies are moved by hours, across midnight too; the first and the last part also have what lies beyond them.
  const recentFromMs = options.toMs - recentMs;
  for (let fromMs = options.fromMs; fromMs < recentFromMs; fromMs += dayMs) {
    const sinceMs = fromMs === options.fromMs ? 0 : fromMs;
    await copy(database, { values, times, sinceMs, untilMs: Math.min(fromMs + dayMs, recentFromMs), rows: rowsOfPart.older });
  }
  await mergeByAge(database);
  await copy(database, { values, times, sinceMs: recentFromMs, untilMs: options.toMs + dayMs, rows: rowsOfPart.recent });
  await database.run("DROP TABLE seed");
}

interface Copying {
  readonly values: readonly string[];
  readonly times: number;
  /** What came in from then on, and before the end. */
  readonly sinceMs: number;
  readonly untilMs: number;
  /** Of each insert. */
  readonly rows: number;
}

async function copy(database: Database, { values, times, sinceMs, untilMs, rows }: Copying): Promise<void> {
  const momentOf = (atMs: number): string => `fromUnixTimestamp64Milli(${atMs}, 'UTC')`;
  // A span comes in when it has ended, within an hour of its start.
  const near = `seed.started_at >= ${momentOf(Math.max(0, sinceMs - movedMsMax - dayMs / 24))} AND seed.started_at < ${momentOf(untilMs + movedMsMax)}`;
  await database.run(
    `INSERT INTO spans (${spanColumnNames.join(", ")})
     SELECT * FROM (SELECT ${values.join(", ")} FROM seed ARRAY JOIN range(${times}) AS copy WHERE ${near})
     WHERE received_at >= ${momentOf(sinceMs)} AND received_at < ${momentOf(untilMs)} ORDER BY received_at
     SETTINGS prefer_column_name_to_alias = 1, max_threads = 1, max_insert_threads = 1, max_block_size = ${rows},
     min_insert_block_size_rows = ${rows}, min_insert_block_size_bytes = 0, ${insertSettings}`,
  );
}
