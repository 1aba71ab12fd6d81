import * as z from "zod";

// One database a region; the recorded calls are those of all.
export const spansOfAllRegions = "merge(REGEXP('^evalforge_'), '^spans$')";

/** Rows of the span table. `clickhouseUrl` is `http://user:password@host:port`. */
export async function countRows(clickhouseUrl: string): Promise<number> {
  return await queryNumber(clickhouseUrl, `SELECT count() FROM ${spansOfAllRegions}`);
}

/** How many different spans the rows are. Reads them all: for the end of a run. */
export async function countSpans(clickhouseUrl: string): Promise<number> {
  return await queryNumber(clickhouseUrl, `SELECT uniqExact(trace_id, span_id) FROM ${spansOfAllRegions}`);
}

const answerSchema = z.object({ data: z.tuple([z.tuple([z.coerce.number()])]) });

/** The one number that a query gives. */
export async function queryNumber(clickhouseUrl: string, query: string): Promise<number> {
  const { origin, username, password } = new URL(clickhouseUrl);
  const answer = await fetch(origin, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)}` },
    body: `${query} FORMAT JSONCompact`,
  });
  if (!answer.ok) throw new Error(`ClickHouse answered ${answer.status}: ${await answer.text()}`);
  return answerSchema.parse(await answer.json()).data[0][0];
}

/** Waits until `calls` rows are there, or until the patience is over; says how many are there and how long it took. */
export async function untilRecorded(
  clickhouseUrl: string,
  calls: number,
  patienceMs: number,
): Promise<{ readonly rows: number; readonly waitedMs: number }> {
  const startedMs = performance.now();
  for (;;) {
    const rows = await countRows(clickhouseUrl);
    const waitedMs = performance.now() - startedMs;
    if (rows >= calls || waitedMs > patienceMs) return { rows, waitedMs };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
