/** What a table of spans is changed to before it is filled. */
export interface Variant {
  readonly title: string;
  readonly textCodec: string;
  /** Of blocks of the two text columns. */
  readonly blockBytes: number;
  /** In place of the table's own key. */
  readonly key: string | null;
}

const mebibyte = 1024 * 1024;

/** Turns of a session one after the other within an hour; it is no stable key of a span, since a session may be told later. */
const bySession = `PRIMARY KEY (project_id, toStartOfHour(started_at), cityHash64(session_id))
ORDER BY (project_id, toStartOfHour(started_at), cityHash64(session_id), started_at, trace_id, span_id)`;

export const variants = {
  before: { title: "ZSTD(3), blocks of 1 MB (before 0013)", textCodec: "ZSTD(3)", blockBytes: mebibyte, key: null },
  fast: { title: "ZSTD(1), blocks of 1 MB", textCodec: "ZSTD(1)", blockBytes: mebibyte, key: null },
  larger: { title: "ZSTD(3), blocks of 4 MB", textCodec: "ZSTD(3)", blockBytes: 4 * mebibyte, key: null },
  slower: { title: "ZSTD(6), blocks of 4 MB", textCodec: "ZSTD(6)", blockBytes: 4 * mebibyte, key: null },
  window16: { title: "ZSTD(3, window 16 MB), blocks of 16 MB (0013)", textCodec: "ZSTD(3, 24)", blockBytes: 16 * mebibyte, key: null },
  both: { title: "ZSTD(6, window 16 MB), blocks of 16 MB (0015)", textCodec: "ZSTD(6, 24)", blockBytes: 16 * mebibyte, key: null },
  session: { title: "ordered by session, ZSTD(3), blocks of 1 MB", textCodec: "ZSTD(3)", blockBytes: mebibyte, key: bySession },
} as const satisfies Record<string, Variant>;

export const textColumns = ["input_text", "output_text"] as const;

/** The statements that make `table` of a database by a variant, from how `spans` was made there. */
export function statementsOf({ textCodec, blockBytes, key }: Variant, created: string, database: string, table: string): readonly string[] {
  const renamed = created.replace(`CREATE TABLE ${database}.spans`, `CREATE TABLE ${database}.${table}`);
  const settings = `SETTINGS (min_compress_block_size = ${blockBytes}, max_compress_block_size = ${blockBytes})`;
  return [
    key === null ? renamed : renamed.replace(/PRIMARY KEY .*\nORDER BY .*\n/, `${key}\n`),
    ...textColumns.map((column) => `ALTER TABLE ${database}.${table} MODIFY COLUMN ${column} String CODEC(${textCodec}) ${settings}`),
  ];
}
