import * as z from "zod";

/** As a query string writes it: digits and nothing else, so that an empty text is no 0. */
export const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/, "must be a whole number")
  .transform(Number);

/** Nano-dollars as decimal text: sums may pass what a JSON number holds exactly. */
export const nanoUsdText = z.string().regex(/^-?\d+$/);

/** What began in [fromMs, toMs), epoch milliseconds; the last seven days where left out. */
export const rangeQuery = { fromMs: wholeNumber.optional(), toMs: wholeNumber.optional() };

/** A page of a list: how many rows, and `nextCursor` of the page before. */
export const pageQuery = { limit: wholeNumber.pipe(z.number().min(1).max(200)).default(50), cursor: z.string().max(4_000).optional() };

/** Which end of a list comes first. What is not known sorts as 0. */
export const orderQuery = { order: z.enum(["descending", "ascending"]).default("descending") };
