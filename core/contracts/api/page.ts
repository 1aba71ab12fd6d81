import * as z from "zod";

/** As a query string writes it: digits and nothing else, so that an empty text is no 0. */
const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/, "must be a whole number")
  .transform(Number);

/** Which part of a list is asked for; lists are newest first. */
export const pageQuerySchema = z.strictObject({
  limit: wholeNumber.pipe(z.number().min(1).max(200)).default(50),
  cursor: z.string().max(500).optional().meta({ description: "`nextCursor` of the page before; left out: from the newest on." }),
});
export type PageQuery = z.output<typeof pageQuerySchema>;

/** Where the next page begins; `null` on the last one. */
export const nextCursorSchema = z.string().nullable().meta({ description: "The `cursor` of the next page; `null` on the last one." });
