import type { Account } from "./account.ts";
import { redeem, type Receipt } from "./grantor.ts";
import type { StoredMemory } from "./stored-book.ts";

/** A caller says what its call cost that a memory had admitted which is lost since. `null`: nothing changes. */
export function redeemAt(
  account: Account,
  memory: StoredMemory,
  receipt: Receipt,
  actual: number,
): { readonly account: Account; readonly memory: StoredMemory } | null {
  const row = memory.redeemed.includes(receipt.seq) ? "redeemed" : memory.open.includes(receipt.seq) ? "open" : null;
  const redeemed = redeem({ account, link: memory.link }, receipt, actual, row);
  if (redeemed === null) return null;
  return { account: redeemed.account, memory: { ...memory, link: redeemed.link, redeemed: [...memory.redeemed, receipt.seq] } };
}
