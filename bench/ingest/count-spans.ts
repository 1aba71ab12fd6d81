import * as z from "zod";

const answerSchema = z.object({ data: z.array(z.array(z.union([z.string(), z.number()]))) });

/** The rows of a query's answer. `clickhouseUrl` is `http://user:password@host:port`. Throws what ClickHouse says. */
export async function queryRows(clickhouseUrl: string, query: string): Promise<(string | number)[][]> {
  const { origin, username, password } = new URL(clickhouseUrl);
  const answer = await fetch(`${origin}/?database=evalforge_us_east`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)}` },
    body: `${query} FORMAT JSONCompact`,
  });
  if (!answer.ok) throw new Error(`ClickHouse answered ${answer.status}: ${await answer.text()}`);
  return answerSchema.parse(await answer.json()).data;
}

/** Rows of all loads, which ClickHouse knows without reading any: what is looked at during a load must not add to it. */
export async function countRows(clickhouseUrl: string): Promise<number> {
  const [row] = await queryRows(clickhouseUrl, "SELECT toUInt32(count()) FROM spans");
  return Number(row?.[0] ?? 0);
}

/** Rows of a load: as they lie in the table, or as they are read, each span once. */
export async function countSpans(clickhouseUrl: string, prefix: string, as: "" | "FINAL"): Promise<number> {
  const [row] = await queryRows(clickhouseUrl, `SELECT toUInt32(count()) FROM spans ${as} WHERE startsWith(trace_id, '${prefix}')`);
  return Number(row?.[0] ?? 0);
}
