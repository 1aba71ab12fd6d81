import { afterEach, beforeEach, vi } from "vitest";

/** What was asked of ClickHouse over HTTP, and what it answers. The engine itself runs in the end-to-end tests. */
export interface ClickhouseWire {
  /** By token, the blocks of the inserts that came under it, as text with a character for each byte. */
  readonly inserts: Map<string, string[]>;
  /** By token, how many rows each of those holds. */
  readonly rows: Map<string, number[]>;
  /** How many rows of an object a count finds. */
  readonly stored: Map<string, number>;
  counts: number;
  down: boolean;
  /** The answer to inserts of which some row holds `text`, e.g. `(MEMORY_LIMIT_EXCEEDED)`. */
  refuses: { readonly text: string; readonly code: number; readonly name: string } | null;
}

/** Stands at the end of the Worker's HTTP calls while the tests of a file run. */
export function captureClickhouse(): ClickhouseWire {
  const wire: ClickhouseWire = { inserts: new Map(), rows: new Map(), stored: new Map(), counts: 0, down: false, refuses: null };
  beforeEach(() => {
    wire.inserts.clear();
    wire.rows.clear();
    wire.stored.clear();
    wire.counts = 0;
    wire.down = false;
    wire.refuses = null;
    vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => await answer(wire, new Request(input, init)));
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });
  return wire;
}

async function answer(wire: ClickhouseWire, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const bytes = new Uint8Array(await request.arrayBuffer());
  const body = new TextDecoder("latin1").decode(bytes);
  const token = url.searchParams.get("insert_deduplication_token");
  if (wire.down) return new Response("Bad gateway", { status: 502 });
  if (token !== null) {
    const { refuses } = wire;
    // As the server does, it quotes the row.
    if (refuses !== null && body.includes(refuses.text)) {
      return new Response(`Code: ${refuses.code}. DB::Exception: no: ${body} (${refuses.name}) (version 26.7.2.1)`, { status: 500 });
    }
    wire.inserts.set(token, [...(wire.inserts.get(token) ?? []), body]);
    wire.rows.set(token, [...(wire.rows.get(token) ?? []), rowsOf(bytes)]);
    return new Response("");
  }
  wire.counts += 1;
  const stored = wire.stored.get(url.searchParams.get("param_objectKey") ?? "") ?? 0;
  return new Response(`${JSON.stringify({ stored })}\n`);
}

/** How many rows a block says that it has, after the number of its columns. */
function rowsOf(block: Uint8Array): number {
  let value = 0;
  let shift = 0;
  for (const byte of block.subarray(1)) {
    value += (byte & 127) << shift;
    shift += 7;
    if (byte < 128) break;
  }
  return value;
}

/** Bindings as the app Worker has them. */
export const clickhouseUrls = {
  CLICKHOUSE_URL_US_EAST: "http://user:secret@clickhouse.test:8123/us_east",
  CLICKHOUSE_URL_US_WEST: "http://user:secret@clickhouse.test:8123/us_west",
  CLICKHOUSE_URL_EU_WEST: "http://user:secret@clickhouse.test:8123/eu_west",
};
