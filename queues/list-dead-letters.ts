import * as z from "zod";
import { bucketOf, type Buckets } from "#adapters/r2/buckets.ts";
import type { DeadLetterSummary } from "#core/contracts/api/dead-letters.ts";
import type { Region } from "#core/contracts/region.ts";
import { handledSuffix, kindOfDeadLetter, parseDeadLetterKey } from "#core/ingest/dead-letter-key.ts";

/** What a mark beside a letter carries, so that a list need not open it. */
const markMetadataSchema = z.object({ outcome: z.enum(["replayed", "discarded"]) });

export interface DeadLetterPage {
  readonly deadLetters: readonly DeadLetterSummary[];
  /** Where the next page begins; `null`: there is none. */
  readonly nextCursor: string | null;
}

interface PageQuery {
  /** Only those of this day; `null`: of all. */
  readonly day: string | null;
  readonly limit: number;
  /** `nextCursor` of the page before; `null`: from the first. */
  readonly cursor: string | null;
}

/** A page of a region's letters, oldest day first, each with what has become of it. Throws what the bucket throws. */
export async function listDeadLetters(env: Buckets, region: Region, { day, limit, cursor }: PageQuery): Promise<DeadLetterPage> {
  const prefix = day === null ? `dead/${region}/` : `dead/${region}/${day}/`;
  // A letter's mark stands right behind it, so twice as many keys and one hold as many letters with all of their marks.
  const listed = await bucketOf(env, region).list({
    prefix,
    limit: limit * 2 + 1,
    include: ["customMetadata"],
    ...(cursor === null ? {} : { startAfter: prefix + cursor }),
  });
  const marks = new Map(listed.objects.filter(({ key }) => key.endsWith(handledSuffix)).map((mark) => [mark.key, mark]));
  const letters = listed.objects.flatMap(({ key, uploaded, size }): { key: string; summary: DeadLetterSummary }[] => {
    const parsed = parseDeadLetterKey(key);
    const kind = kindOfDeadLetter(key);
    if (parsed === null || kind === null) return [];
    const mark = marks.get(key + handledSuffix);
    const state = mark === undefined ? "open" : markMetadataSchema.parse(mark.customMetadata).outcome;
    return [{ key, summary: { ...parsed, kind, state, writtenAtMs: uploaded.getTime(), bytes: size } }];
  });
  // Where the bucket stops at a letter, its mark comes with the next page.
  if (listed.truncated && letters.length > 1 && listed.objects.at(-1)?.key === letters.at(-1)?.key) letters.pop();
  const page = letters.slice(0, limit);
  const isLast = !listed.truncated && page.length === letters.length;
  return {
    deadLetters: page.map(({ summary }) => summary),
    // From behind the last letter's mark, which sorts after the letter itself.
    nextCursor: isLast ? null : (page.at(-1)?.key ?? prefix).slice(prefix.length) + handledSuffix,
  };
}

const lettersAtOnce = 499;
const pagesMax = 4;

export interface OpenDeadLetters {
  readonly open: number;
  /** There are no more than these. */
  readonly isComplete: boolean;
  readonly newestAtMs: number | null;
}

/** How many of a region's letters wait for somebody. Throws what the bucket throws. */
export async function countOpenDeadLetters(env: Buckets, region: Region): Promise<OpenDeadLetters> {
  let open = 0;
  let newestAtMs: number | null = null;
  let cursor: string | null = null;
  for (let page = 0; page < pagesMax; page += 1) {
    const listed: DeadLetterPage = await listDeadLetters(env, region, { day: null, limit: lettersAtOnce, cursor });
    for (const { state, writtenAtMs } of listed.deadLetters) {
      if (state !== "open") continue;
      open += 1;
      newestAtMs = Math.max(newestAtMs ?? 0, writtenAtMs);
    }
    cursor = listed.nextCursor;
    if (cursor === null) return { open, isComplete: true, newestAtMs };
  }
  return { open, isComplete: false, newestAtMs };
}
