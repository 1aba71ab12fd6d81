import { vi } from "vitest";
import type * as z from "zod";

declare module "vitest" {
  interface ProvidedContext {
    /** The migrated databases `chaos` and `clean` are behind it (`migrations/shared-clickhouse.fixture.ts`). */
    readonly clickhouseUrl: string;
  }
}

/** What stands between the Workers and ClickHouse, by the name of the host that they ask. */
type Ways = ReadonlyMap<string, (real: () => Promise<Response>) => Promise<Response>>;

/** Sends what is asked of a host of `ways` to the real server, by that host's way; all else goes where it would. */
export function routeClickhouse(serverUrl: string, ways: Ways): void {
  const realFetch = globalThis.fetch;
  vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    const way = ways.get(url.hostname);
    if (way === undefined) return await realFetch(request);
    const { host } = new URL(serverUrl);
    const body = await request.arrayBuffer();
    return await way(async () => {
      const answer = await realFetch(`http://${host}${url.pathname}${url.search}`, {
        method: request.method,
        headers: request.headers,
        body,
      });
      return new Response(await answer.arrayBuffer(), answer);
    });
  });
}

/** Asks one of the server's databases, round all that is put between. */
export async function ask<Row>(serverUrl: string, database: string, query: string, row: z.ZodType<Row>): Promise<Row[]> {
  const { origin, username, password } = new URL(serverUrl);
  const response = await fetch(`${origin}/?database=${database}&default_format=JSONEachRow`, {
    method: "POST",
    headers: { "x-clickhouse-user": username, "x-clickhouse-key": password },
    body: query,
  });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text.split("\n").flatMap((line) => (line === "" ? [] : [row.parse(JSON.parse(line))]));
}
