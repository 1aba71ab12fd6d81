import * as z from "zod";
import { openAccount } from "./account.ts";
import { accountSchema, linkSchema } from "./stored-account.ts";

const amount = z.int();

/** A region's memory, as it is stored: its link, and the rows of its holds by number. */
const memorySchema = z.object({
  link: linkSchema,
  open: z.array(amount),
  redeemed: z.array(amount),
  /** `null`: it is not lost. */
  lostAtMs: z.number().nullable(),
});
export type StoredMemory = z.infer<typeof memorySchema>;

const pocketSchema = z.object({ link: linkSchema, openedAtMs: z.number() });
export type StoredPocket = z.infer<typeof pocketSchema>;

export const storedBookSchema = z.object({
  account: accountSchema,
  memories: z.array(memorySchema),
  /** Lent to isolates, and not heard of since. */
  pockets: z.array(pocketSchema),
  /** What isolates had that were never heard of again. */
  stranded: amount,
});
export type StoredBook = z.infer<typeof storedBookSchema>;

export function emptyBook(window: string): StoredBook {
  return { account: openAccount(window, 0), memories: [], pockets: [], stranded: 0 };
}
