import { afterEach, beforeEach, vi } from "vitest";

/** What was asked of ClickHouse over HTTP, and what it answers. The engine itself runs in the end-to-end tests. */
export interface ClickhouseWire {
  /** By token, the bodies of the inserts that came under it. */
  readonly inserts: Map<string, string[]>;
  /** Objects that a lookup finds. */
  readonly present: Set<string>;
  lookups: number;
  /** What goes wrong: everything, or every insert. */
  down: "nothing" | "everything" | "inserts";
}

/** Stands at the end of the Worker's HTTP calls while the tests of a file run. */
export function captureClickhouse(): ClickhouseWire {
  const wire: ClickhouseWire = { inserts: new Map(), present: new Set(), lookups: 0, down: "nothing" };
  beforeEach(() => {
    wire.inserts.clear();
    wire.present.clear();
    wire.lookups = 0;
    wire.down = "nothing";
    vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => await answer(wire, new Request(input, init)));
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });
  return wire;
}

async function answer(wire: ClickhouseWire, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const body = await request.text();
  const token = url.searchParams.get("insert_deduplication_token");
  if (wire.down === "everything" || (wire.down === "inserts" && token !== null))
    return new Response("Code: 999. DB::Exception: no", { status: 500 });
  if (token !== null) {
    wire.inserts.set(token, [...(wire.inserts.get(token) ?? []), body]);
    return new Response("");
  }
  wire.lookups += 1;
  return new Response(wire.present.has(url.searchParams.get("param_objectKey") ?? "") ? '{"1":1}\n' : "");
}

/** Bindings as the app Worker has them. */
export const clickhouseUrls = {
  CLICKHOUSE_URL_US_EAST: "http://user:secret@clickhouse.test:8123/us_east",
  CLICKHOUSE_URL_US_WEST: "http://user:secret@clickhouse.test:8123/us_west",
  CLICKHOUSE_URL_EU_WEST: "http://user:secret@clickhouse.test:8123/eu_west",
};
