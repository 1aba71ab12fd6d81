import * as z from "zod";
import { spanColumnNames, toSpanRow } from "../../adapters/clickhouse/span-row.ts";
import type { Span } from "../../core/contracts/span.ts";
import { traffic, type TrafficOptions } from "../../local/demo/traffic.ts";
import type { Database } from "./database.ts";

/** Spans that the generator makes; all others are copies with ids, times and users of their own. */
export const generated = 50_000;
/** Of a copy's texts so many characters stay: 5 M whole ones would be 50 GB to write. */
export const copiedCharacters = { input_text: 600, output_text: 400 } as const;
const rowsOfInsert = 1_000;
/** Rows of a part, about as many as an object of the consumer's has. */
const rowsOfPart = 5_000;
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

/** Fills the table day by day and in the order in which spans came in, as time would: with the generator's spans and, made inside ClickHouse, so many copies of each that there are `spans`. */
export async function fill(database: Database, options: Omit<TrafficOptions, "count">, spans: number): Promise<void> {
  await database.run("CREATE TABLE seed AS spans ENGINE = MergeTree PRIMARY KEY started_at ORDER BY started_at");
  await insertSeed(database, traffic({ ...options, count: generated }));
  const times = Math.max(1, Math.round(spans / generated));
  const values = spanColumnNames.map((name) => {
    const copied = copiedColumns.get(name);
    return copied === undefined ? name : `if(copy = 0, ${name}, ${copied}) AS ${name}`;
  });
  const momentOf = (atMs: number): string => `fromUnixTimestamp64Milli(${atMs}, 'UTC')`;
  for (let fromMs = options.fromMs; fromMs < options.toMs; fromMs += dayMs) {
    const toMs = fromMs + dayMs;
    // Copies are moved by hours, across midnight too; the first and the last day also have what lies beyond them.
    const since = fromMs === options.fromMs ? 0 : fromMs;
    const until = toMs >= options.toMs ? toMs + dayMs : toMs;
    const near = `seed.started_at >= ${momentOf(fromMs - movedMsMax - dayMs / 24)} AND seed.started_at < ${momentOf(toMs + movedMsMax)}`;
    await database.run(
      `INSERT INTO spans (${spanColumnNames.join(", ")})
       SELECT * FROM (SELECT ${values.join(", ")} FROM seed ARRAY JOIN range(${times}) AS copy WHERE ${near})
       WHERE received_at >= ${momentOf(since)} AND received_at < ${momentOf(until)} ORDER BY received_at
       SETTINGS prefer_column_name_to_alias = 1, max_threads = 1, max_insert_threads = 1, max_block_size = ${rowsOfPart},
       min_insert_block_size_rows = ${rowsOfPart}, min_insert_block_size_bytes = 0, ${insertSettings}`,
    );
  }
  await database.run("DROP TABLE seed");
}

const countSchema = z.object({ count: z.coerce.number() });

export async function countOf(database: Database, query: string): Promise<number> {
  const [row] = await database.rows(query, countSchema);
  return row?.count ?? 0;
}
