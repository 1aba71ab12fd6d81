import * as z from "zod";
import { isSpanId } from "#core/contracts/id.ts";
import { isScoreId } from "#core/contracts/score.ts";

/** Where a page ended: the start of its last entry, and its id, since several may begin in the same microsecond. */
export interface PageCursor<Id> {
  readonly startedAtUs: number;
  readonly id: Id;
}

const startSchema = z.int().nonnegative();

function cursorFor<Id extends string>(isId: (text: string) => text is Id) {
  return {
    format: ({ startedAtUs, id }: PageCursor<Id>): string => `${startedAtUs.toString(36)}.${id}`,
    /** `null` where the text is no cursor of ours. */
    parse: (text: string): PageCursor<Id> | null => {
      const [start = "", id = "", ...rest] = text.split(".");
      if (rest.length > 0 || !/^[0-9a-z]{1,11}$/.test(start)) return null;
      const startedAtUs = startSchema.safeParse(Number.parseInt(start, 36));
      return startedAtUs.success && isId(id) ? { startedAtUs: startedAtUs.data, id } : null;
    },
  };
}

export const spanCursor = cursorFor(isSpanId);
export const scoreCursor = cursorFor(isScoreId);
