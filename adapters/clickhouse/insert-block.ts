import { parseError } from "@clickhouse/client-web";
import type { Region } from "#core/contracts/region.ts";
import { freeBytes } from "#core/bytes.ts";
import { attempt, type Unavailable } from "../unavailable.ts";
import { clickhouseAddress, type ClickhouseEnvironment } from "./client.ts";
import { compressed } from "./compressing-fetch.ts";
import { isDataError } from "./data-errors.ts";
import type { Column } from "./native/column.ts";
import { encodeBlock } from "./native/encode-block.ts";
import { tellingWhenSent } from "./telling-when-sent.ts";

/**
 * One object is one insert: a second one under the same token changes nothing, and fills what an insert that stopped
 * half-way left out: it commits partition by partition, and the views' tables last. `async_insert` is said because a
 * server's default may be 1, which would let the server join inserts; `deduplicate_insert` is ClickHouse 26's name.
 */
const insertSettings = {
  async_insert: "0",
  wait_for_async_insert: "1",
  insert_deduplicate: "1",
  deduplicate_insert: "enable",
  deduplicate_blocks_in_dependent_materialized_views: "1",
  // One thread is enough for a few thousand rows, and rows that an object carries twice become one in the first merge.
  max_threads: "1",
  optimize_on_insert: "0",
  // Merges make it: at once it would double what an insert of spans costs.
  exclude_materialize_skip_indexes_on_insert: "spans_search",
} as const;

const answerWithinMs = 30_000;

/** `refused`: by what some row holds, so never otherwise; `reason` may quote the row. `unavailable`: it may be taken later. */
export type Inserted = { readonly kind: "inserted" } | { readonly kind: "refused"; readonly reason: string } | Unavailable;

/** What is written where; repeated under the same token it must be the same rows. */
interface Insertion<Row> {
  readonly table: string;
  readonly columns: Readonly<Record<string, Column<Row>>>;
  readonly token: string;
  readonly rows: readonly Row[];
  /** Called when all has gone out, long before it is written maybe; not where no connection came about. */
  readonly onSent?: (() => void) | undefined;
}

/** Writes rows, all or none. The client sends JSON alone, so the block goes without it. */
export async function insertBlock<Row>(env: ClickhouseEnvironment, region: Region, insertion: Insertion<Row>): Promise<Inserted> {
  const done = await attempt("clickhouse", async () => {
    await send(env, region, insertion);
  });
  if (done.kind === "answered") return { kind: "inserted" };
  return isDataError(done.code) ? { kind: "refused", reason: done.reason } : done;
}

async function send<Row>(env: ClickhouseEnvironment, region: Region, insertion: Insertion<Row>): Promise<void> {
  const { table, columns, token, rows, onSent } = insertion;
  const { url, database, authorization } = clickhouseAddress(env, region);
  const block = await encodeBlock(columns, rows);
  url.search = new URLSearchParams({
    query: `INSERT INTO ${table} (${block.columnNames.join(", ")}) FORMAT Native`,
    database,
    ...insertSettings,
    insert_deduplication_token: token,
  }).toString();
  const request = compressed(url.href, {
    method: "POST",
    headers: { authorization },
    body: block.bytes,
    signal: AbortSignal.timeout(answerWithinMs),
  });
  const response = await fetch(url, tellingWhenSent(request, onSent));
  const said = await response.text();
  freeBytes(block.bytes);
  if (!response.ok || response.headers.has("x-clickhouse-exception-code")) throw parseError(said);
}
