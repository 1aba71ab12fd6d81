import * as z from "zod";

/** Money everywhere in code: a whole number of nano-dollars ($0.000 000 001). $9 million still fits a safe integer. */
export const nanoUsdSchema = z.int().brand<"NanoUsd">();
export type NanoUsd = z.infer<typeof nanoUsdSchema>;

/** The same without a schema: it is asked for every bucket of every call. */
export function isNanoUsd(value: number): value is NanoUsd {
  return Number.isSafeInteger(value);
}
