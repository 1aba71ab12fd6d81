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
/** As the consumer's inserts: merges make the index of the search. */
const insertSettings = "exclude_materialize_skip_indexes_on_insert = 'spans_search'";

async function insert(database: Database, spans: Iterable<Span>): Promise<void> {
  let rows: string[] = [];
  const flush = async (): Promise<void> => {
    if (rows.length > 0)
      await database.run(`INSERT INTO spans (${spanColumnNames.join(", ")}) FORMAT JSONCompactEachRow\n${rows.join("\n")}`);
    rows = [];
  };
  for (const span of spans) {
    const batchObject = `raw/${span.homeRegion}/2026-11-01/0-1794000000000/${rows.length}`;
    rows.push(JSON.stringify(toSpanRow({ ...span, batchObject, receivedAtMs: Math.ceil(span.endedAtMs) })));
    if (rows.length === rowsOfInsert) await flush();
  }
  await flush();
}

/** The generator's spans. */
export async function fillFirst(database: Database, options: TrafficOptions): Promise<void> {
  await insert(database, traffic(options));
}

/** Sixteen digits: `hex` leaves out the zeros that a number begins with. */
const hashed = (text: string, copy: number): string => `leftPad(hex(sipHash64(${text}, ${copy})), 16, '0')`;

/** What a copy has in place of the original's: another trace at another time of the day, mostly by another user. */
function copiedColumns(copy: number): ReadonlyMap<string, string> {
  const shifted = (column: string): string =>
    `${column} + toIntervalMillisecond(cityHash64(trace_id, ${copy}) % 14400000) - toIntervalHour(2)`;
  return new Map([
    ["trace_id", `lower(concat(${hashed("trace_id", copy)}, ${hashed("reverse(trace_id)", copy)}))`],
    ["span_id", `lower(${hashed("span_id", copy)})`],
    ["parent_span_id", `if(parent_span_id = '', '', lower(${hashed("parent_span_id", copy)}))`],
    ["started_at", shifted("started_at")],
    ["ended_at", shifted("ended_at")],
    ["received_at", shifted("received_at")],
    ["user_id", `if(cityHash64(user_id, ${copy}) % 4 = 0, user_id, concat('user_', lower(${hashed("user_id", copy)})))`],
    ["session_id", `concat('sess_', lower(${hashed("session_id", copy)}))`],
    ["batch_object", `concat('raw/copied/', toString(${copy}))`],
    ["input_text", `leftUTF8(input_text, ${copiedCharacters.input_text})`],
    ["output_text", `leftUTF8(output_text, ${copiedCharacters.output_text})`],
  ]);
}

/** Adds copies number `from` to `to - 1` of the generator's spans, each inside ClickHouse. */
export async function fillCopies(database: Database, from: number, to: number): Promise<void> {
  for (let copy = from; copy < to; copy += 1) {
    const copied = copiedColumns(copy);
    const values = spanColumnNames.map((name) => copied.get(name) ?? name);
    await database.run(
      `INSERT INTO spans (${spanColumnNames.join(", ")}) SELECT ${values.join(", ")} FROM spans WHERE NOT startsWith(batch_object, 'raw/copied/')
       SETTINGS max_insert_threads = 1, max_threads = 2, ${insertSettings}`,
    );
  }
}

const countSchema = z.object({ count: z.coerce.number() });

export async function countOf(database: Database, query: string): Promise<number> {
  const [row] = await database.rows(query, countSchema);
  return row?.count ?? 0;
}
