import { freeOf, openAccount, type Account } from "./account.ts";
import { outstandingOf } from "./grantor.ts";
import { escrow, type Escrow } from "./simulation-tree.fixture.ts";

/** Mistakes that protocols of this kind are made with, each in place of the right step. */
export const mutants: Readonly<Record<string, Partial<Escrow>>> = {
  "a holder does not count its open holds": {
    reserve: (account, amount) => {
      const reserved = escrow.reserve({ ...account, reserved: 0 }, amount);
      return reserved.kind === "short"
        ? reserved
        : { ...reserved, account: { ...reserved.account, reserved: account.reserved + reserved.hold.amount } };
    },
  },
  "what a call cost beyond its reserve is not counted": {
    settle: (account, hold, actual) => escrow.settle(account, hold, hold === null ? actual : Math.min(actual, hold.amount)),
  },
  "rights of a holder that is not heard of are taken back": {
    writeOff: ({ account, link }) => ({ ...account, lent: account.lent - outstandingOf(link) }),
  },
  "a lost memory's rights are taken back": {
    lose: (link) => ({ ...link, state: "lost", returned: link.returned + (outstandingOf(link) - link.spent - link.reserved) }),
  },
  "a root counts only what was reported as spent": {
    grant: (account, link, most) => {
      const granted = escrow.grant({ ...account, lent: Math.min(account.lent, link.spent) }, link, most);
      return { ...granted, account: { ...account, lent: account.lent + granted.link.granted - link.granted } };
    },
  },
  "a report that comes twice is granted twice": {
    grant: (account, link, most) => {
      const added = Math.max(0, Math.min(link.target - link.returned, most, freeOf(account)));
      return { account: { ...account, lent: account.lent + added }, link: { ...link, granted: link.granted + added } };
    },
  },
  "a grant that comes twice is received twice": {
    receive: (account, grant) => {
      if (account.closed || grant.window !== account.window || grant.epoch !== account.epoch || grant.granted <= 0) return account;
      return { ...account, received: account.received + grant.granted - Math.min(account.received, grant.granted - 1) };
    },
  },
  "a return is counted each time that it is reported": {
    takeReport: (account, link, report) => {
      if (link === null || report.closing || report.epoch !== link.epoch || report.window !== link.window) {
        return escrow.takeReport(account, link, report);
      }
      return escrow.takeReport(account, link, { ...report, returned: link.returned + report.returned });
    },
  },
  "the newest return stands, not the largest": {
    takeReport: (account, link, report) => {
      const taken = escrow.takeReport(account, link, report);
      if (link === null || taken.link === null || report.epoch !== link.epoch || report.window !== link.window) return taken;
      const { returned } = report;
      return { account: { ...account, lent: account.lent - (returned - link.returned) }, link: { ...taken.link, returned } };
    },
  },
  "a report of an older epoch is taken": {
    takeReport: (account, link, report) => escrow.takeReport(account, link, link === null ? report : { ...report, epoch: link.epoch }),
  },
  "a grant of an older epoch is received": {
    receive: (account, grant) => escrow.receive(account, { ...grant, epoch: account.epoch }),
  },
  "a grant of another window is received": {
    receive: (account, grant) => escrow.receive(account, { ...grant, window: account.window }),
  },
  "a report of another window is taken": {
    takeReport: (account, link, report) => escrow.takeReport(account, link, { ...report, window: account.window }),
  },
  "a new window starts with the old one's rights": {
    roll: (window, epoch, before) => ({
      ...openAccount(window, epoch),
      received: before === null ? 0 : Math.max(0, freeOf(before)),
    }),
  },
  "a hold is settled again": {
    settle: (account, hold, actual) => {
      const settled = escrow.settle(account, hold, actual);
      return hold === null || actual % 4 !== 3 ? settled : { ...settled, settled: settled.settled + actual };
    },
  },
  "a hold releases its whole reserve twice": {
    settle: (account, hold, actual) => {
      const settled = escrow.settle(account, hold, actual);
      return hold?.state === "open" ? { ...settled, reserved: Math.max(0, settled.reserved - hold.amount) } : settled;
    },
  },
  "a hold whose cost is not known costs nothing": {
    presume: (account, hold) => {
      const presumed = escrow.presume(account, hold);
      return { ...presumed, account: { ...presumed.account, settled: account.settled } };
    },
  },
  "a presumed hold is refunded without evidence": {
    presume: (account, hold) => {
      const presumed = escrow.presume(account, hold);
      if (hold.state === "presumed") return presumed;
      return { ...presumed, account: { ...presumed.account, refunded: presumed.account.refunded + hold.amount } };
    },
  },
  "a receipt is redeemed each time that it is shown": {
    redeem: (granting, receipt, actual, row) => escrow.redeem(granting, receipt, actual, row === "redeemed" ? "open" : row),
  },
  "a receipt is redeemed that was settled before the checkpoint": {
    redeem: (granting, receipt, actual, row) => escrow.redeem(granting, receipt, actual, row ?? "open"),
  },
  "more is given back than is free": {
    giveBack: (account, amount) => (amount > 0 ? { ...account, returned: account.returned + amount } : account),
  },
  "an account is closed while calls are under way": {
    close: (account: Account) => escrow.close({ ...account, reserved: 0, lent: 0 }),
  },
  "an older limit replaces a newer one": {
    setLimit: (account, limit, version) => ({ ...account, received: limit, limitVersion: version }),
  },
  "a lowered limit is not heeded": {
    setLimit: (account, limit, version) => escrow.setLimit(account, Math.max(account.received, limit), version),
  },
  "what a pocket holds is not counted as spent": {
    grant: (account, link, most) => {
      const granted = escrow.grant(account, link, most);
      return link.holder === "pocket" ? { ...granted, account } : granted;
    },
  },
  "a region's own limit is not heeded": {
    grant: (account, link) => escrow.grant(account, link, Number.MAX_SAFE_INTEGER),
  },
  "rights wanted back are kept": {
    recall: (account) => account,
  },
};
