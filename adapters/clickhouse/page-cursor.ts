import * as z from "zod";
import { isSpanId, type SpanId } from "#core/contracts/id.ts";

/** Where a page ended: the start of its last entry, and its id, since several may begin in the same microsecond. */
export interface SpanCursor {
  readonly startedAtUs: number;
  readonly id: SpanId;
}

const startSchema = z.int().nonnegative();

export const spanCursor = {
  format: ({ startedAtUs, id }: SpanCursor): string => `${startedAtUs.toString(36)}.${id}`,
  /** `null` where the text is no cursor of ours. */
  parse: (text: string): SpanCursor | null => {
    const [start = "", id = "", ...rest] = text.split(".");
    if (rest.length > 0 || !/^[0-9a-z]{1,11}$/.test(start)) return null;
    const startedAtUs = startSchema.safeParse(Number.parseInt(start, 36));
    return startedAtUs.success && isSpanId(id) ? { startedAtUs: startedAtUs.data, id } : null;
  },
};
