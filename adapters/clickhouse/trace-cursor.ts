import { z } from "zod";
import { traceIdSchema } from "#core/contracts/id.ts";

/** Where a page ended: the start of its last trace, and its id, since traces may begin in the same microsecond. */
const cursorSchema = z.strictObject({ startedAtUs: z.int().nonnegative(), traceId: traceIdSchema });
export type TraceCursor = z.infer<typeof cursorSchema>;

export function formatTraceCursor(cursor: TraceCursor): string {
  return `${cursor.startedAtUs.toString(36)}.${cursor.traceId}`;
}

/** `null` where the text is no cursor of ours. */
export function parseTraceCursor(text: string): TraceCursor | null {
  const [start = "", traceId = "", ...rest] = text.split(".");
  if (rest.length > 0 || !/^[0-9a-z]{1,11}$/.test(start)) return null;
  const parsed = cursorSchema.safeParse({ startedAtUs: Number.parseInt(start, 36), traceId });
  return parsed.success ? parsed.data : null;
}
