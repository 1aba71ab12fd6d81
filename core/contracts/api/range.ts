import * as z from "zod";

/** As a query string writes it: digits and nothing else, so that an empty text is no 0. */
export const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/, "must be a whole number")
  .transform(Number);

/** Nano-dollars as decimal text: sums may pass what a JSON number holds exactly. */
export const nanoUsdText = z.string().regex(/^-?\d+$/);

/** What began in [fromMs, toMs), epoch milliseconds; the last seven days where left out. */
export const rangeQuery = {
  fromMs: wholeNumber.optional().meta({ description: "From when on, in epoch milliseconds; seven days before `toMs`, where left out." }),
  toMs: wholeNumber.optional().meta({ description: "Until when, in epoch milliseconds; now, where left out." }),
};

/** A page of a list: how many rows, and `nextCursor` of the page before. */
export const pageQuery = {
  limit: wholeNumber.pipe(z.number().min(1).max(200)).default(50).meta({ description: "How many rows." }),
  cursor: z.string().max(4_000).optional().meta({ description: "`nextCursor` of the page before; the first page, where left out." }),
};

/** Which end of a list comes first. What is not known sorts as 0. */
export const orderQuery = {
  order: z.enum(["descending", "ascending"]).default("descending").meta({ description: "What is not known sorts as 0." }),
};
