import * as z from "zod";
import { traffic } from "../../local/demo/traffic.ts";
import { benchProject, trafficEndsAtMs } from "../project.ts";
import { Store, type Loaded } from "./store.ts";
import { statementsOf, textColumns, variants } from "./variants.ts";

const minuteMs = 60_000;

/** The same applications, at two densities: what lies between two turns of a conversation is what other people say meanwhile. */
export const loads = {
  month: { title: "20 days at 7 spans a minute", spans: 200_000, lengthMs: 20 * 24 * 60 * minuteMs },
  busy: { title: "half an hour at 55 spans a second", spans: 100_000, lengthMs: 30 * minuteMs },
} as const;
export type LoadName = keyof typeof loads;
export const loadNames = ["month", "busy"] as const satisfies readonly LoadName[];

const bytesRowSchema = z.object({ compressed: z.coerce.number(), name: z.string() });

export interface StoredBytes {
  /** Of everything on disk: columns, marks, indexes. */
  readonly bytesPerSpan: number;
  /** Of them the indexes that skip rows, that of the search in texts among them. */
  readonly indexBytesPerSpan: number;
  readonly markBytesPerSpan: number;
  readonly bytesPerSpanByColumn: readonly (readonly [name: string, bytes: number])[];
}

export interface TriedVariant {
  readonly title: string;
  readonly bytesPerSpan: number;
  readonly textBytesPerSpan: number;
  /** Of writing all rows once, read from the other table, and of one merge of them all. */
  readonly writeCpuMicrosecondsPerSpan: number;
  readonly mergeCpuMicrosecondsPerSpan: number;
  /** Reading the texts of one trace, in the middle. */
  readonly readTraceMs: number;
}

export interface StorageReport {
  readonly load: LoadName;
  readonly loaded: Loaded;
  readonly stored: StoredBytes;
  /** `trace_times`, and whatever else a span is written to. */
  readonly otherTablesBytesPerSpan: number;
  readonly tried: readonly TriedVariant[];
}

/** Loads the traffic into a fresh ClickHouse as the migrations make it, merges it whole, and counts. */
export async function runStorage(say: (text: string) => void): Promise<StorageReport[]> {
  const store = await Store.open(loadNames);
  const reports: StorageReport[] = [];
  for (const load of loadNames) {
    const { spans, lengthMs, title } = loads[load];
    say(`${load}: loading ${spans} spans of ${title}`);
    const loaded = await store.load(
      load,
      traffic({ seed: "storage", project: benchProject, fromMs: trafficEndsAtMs - lengthMs, toMs: trafficEndsAtMs, count: spans }),
    );
    await store.run(`OPTIMIZE TABLE ${load}.spans FINAL`);
    const others = z.object({ bytes: z.coerce.number() });
    const [other] = await store.rows(
      `SELECT sum(bytes_on_disk) AS bytes FROM system.parts WHERE active AND database = '${load}' AND table != 'spans'`,
      others,
    );
    const tried: TriedVariant[] = [];
    for (const variant of Object.values(variants)) {
      say(`${load}: ${variant.title}`);
      tried.push(await tryVariant(store, load, variant));
    }
    reports.push({
      load,
      loaded,
      stored: await storedBytes(store, load, "spans"),
      otherTablesBytesPerSpan: (other?.bytes ?? 0) / loaded.spans,
      tried,
    });
  }
  await store.close();
  return reports;
}

async function storedBytes(store: Store, database: string, table: string): Promise<StoredBytes> {
  const total = z.object({ bytes: z.coerce.number(), rows: z.coerce.number(), marks: z.coerce.number(), indexes: z.coerce.number() });
  const where = `database = '${database}' AND table = '${table}'`;
  const [whole] = await store.rows(
    `SELECT sum(bytes_on_disk) AS bytes, sum(rows) AS rows, sum(marks_bytes) AS marks, sum(secondary_indices_compressed_bytes) AS indexes
     FROM system.parts WHERE active AND ${where}`,
    total,
  );
  const rows = whole?.rows ?? 1;
  const columns = await store.rows(
    `SELECT name, data_compressed_bytes AS compressed FROM system.columns WHERE ${where} ORDER BY compressed DESC`,
    bytesRowSchema,
  );
  return {
    bytesPerSpan: (whole?.bytes ?? 0) / rows,
    indexBytesPerSpan: (whole?.indexes ?? 0) / rows,
    markBytesPerSpan: (whole?.marks ?? 0) / rows,
    bytesPerSpanByColumn: columns.map(({ name, compressed }) => [name, compressed / rows] as const),
  };
}

async function tryVariant(store: Store, load: LoadName, variant: (typeof variants)[keyof typeof variants]): Promise<TriedVariant> {
  const created = z.object({ statement: z.string() });
  const [original] = await store.rows(`SHOW CREATE TABLE ${load}.spans`, created);
  for (const statement of statementsOf(variant, original?.statement ?? "", load, "tried")) await store.run(statement);
  // It is the same for all, and takes longer than all else.
  await store.run(`ALTER TABLE ${load}.tried DROP INDEX IF EXISTS spans_search`);
  const writeCpu = await store.cpuMicroseconds(`INSERT INTO ${load}.tried SELECT * FROM ${load}.spans SETTINGS max_insert_threads = 1`);
  const mergeCpu = await store.cpuMicroseconds(`OPTIMIZE TABLE ${load}.tried FINAL`);
  const { bytesPerSpan, bytesPerSpanByColumn } = await storedBytes(store, load, "tried");
  const readTraceMs = await readTraces(store, load);
  await store.run(`DROP TABLE ${load}.tried SYNC`);
  const { spans } = loads[load];
  return {
    title: variant.title,
    bytesPerSpan,
    textBytesPerSpan: bytesPerSpanByColumn.reduce(
      (sum, [name, bytes]) => (textColumns.some((column) => column === name) ? sum + bytes : sum),
      0,
    ),
    writeCpuMicrosecondsPerSpan: writeCpu / spans,
    mergeCpuMicrosecondsPerSpan: mergeCpu / spans,
    readTraceMs,
  };
}

const tracesRead = 15;

/** The median over some traces, each in a part of the table of its own. */
async function readTraces(store: Store, load: LoadName): Promise<number> {
  const trace = z.object({ trace: z.string(), started: z.string() });
  const found = await store.rows(
    `SELECT trace_id AS trace, toString(started_at) AS started FROM ${load}.tried ORDER BY cityHash64(span_id) LIMIT ${tracesRead}`,
    trace,
  );
  const took: number[] = [];
  for (const { trace: traceId, started } of found) {
    await store.run("SYSTEM DROP UNCOMPRESSED CACHE");
    await store.run("SYSTEM DROP MARK CACHE");
    const startedMs = performance.now();
    await store.run(
      `SELECT input_text, output_text FROM ${load}.tried WHERE project_id = '${benchProject.projectId}' AND trace_id = '${traceId}'
       AND cityHash64(trace_id) = cityHash64('${traceId}')
       AND started_at >= toDateTime64('${started}', 6, 'UTC') - 60 AND started_at <= toDateTime64('${started}', 6, 'UTC') + 60 FORMAT Null`,
    );
    took.push(performance.now() - startedMs);
  }
  return took.toSorted((left, right) => left - right)[took.length >> 1] ?? Number.NaN;
}
