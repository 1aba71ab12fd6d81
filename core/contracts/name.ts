import * as z from "zod";

/** Text that the stores keep as it is: they take no NUL, and half a surrogate pair is no Unicode. */
export const storableTextSchema = z.string().regex(/^[^\p{Cc}\p{Cs}]*$/u, "must hold no control characters");

/** What people call a thing of theirs. */
export const nameSchema = storableTextSchema.min(1).max(200);
