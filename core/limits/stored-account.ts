import * as z from "zod";
import type { Account } from "./account.ts";
import type { Link } from "./grantor.ts";

const amount = z.int();
/** An account as it is stored. */
export const accountSchema = z.object({
  window: z.string(),
  epoch: amount,
  received: amount,
  returned: amount,
  settled: amount,
  refunded: amount,
  presumed: amount,
  over: amount.default(0),
  reserved: amount,
  lent: amount,
  holds: amount,
  links: amount,
  reports: amount,
  closed: z.boolean(),
  limitVersion: amount,
}) satisfies z.ZodType<Account>;

export const linkSchema = z.object({
  window: z.string(),
  epoch: amount,
  holder: z.string(),
  state: z.enum(["open", "lost"]),
  granted: amount,
  returned: amount,
  refunded: amount,
  reportSeq: amount,
  target: amount,
  spent: amount,
  reserved: amount,
  presumed: amount.default(0),
  over: amount.default(0),
  holds: amount,
}) satisfies z.ZodType<Link>;
