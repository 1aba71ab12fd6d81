import { describe, test } from "vitest";
import { freeOf, openAccount, presumedOf, spentOf, type Account } from "./account.ts";
import { belowOf, grant, grantOf, lose, openLink, outstandingOf, redeem, setLimit, takeReport, writeOff } from "./grantor.ts";
import { close, extend, giveBack, nothingBelow, presume, recall, receive, reportOf, reserve, settle, type Hold } from "./holder.ts";

/** A root of 100 with a region that was granted 40 and heard so. */
function rootAndRegion() {
  const opened = openLink(setLimit(openAccount("w", 0), 100, 1), "eu-west");
  const said = reportOf(openAccount("w", opened.link.epoch), 40, nothingBelow);
  const taken = takeReport(opened.account, opened.link, said.report);
  if (taken.link === null) throw new Error("the link is open");
  const granted = grant(taken.account, taken.link, 1_000);
  return { root: granted.account, link: granted.link, region: receive(said.account, grantOf(granted.link, null)) };
}

function held(account: Account, amount: number): { account: Account; hold: Hold } {
  const reserved = reserve(account, amount);
  if (reserved.kind === "short") throw new Error("it fits");
  return reserved;
}

describe("a holder", () => {
  test("what it cannot hold is refused with what is missing, and nothing changes", ({ expect }) => {
    const { region } = rootAndRegion();
    expect(reserve(region, 41)).toEqual({ kind: "short", by: 1 });
    expect(extend(region, held(region, 40).hold, 41)).toEqual({ kind: "short", by: 1 });
  });

  test("a call is settled at what it cost, once", ({ expect }) => {
    const { account, hold } = held(rootAndRegion().region, 30);
    const settled = settle(account, hold, 12);
    expect({ free: freeOf(settled), spent: spentOf(settled), reserved: settled.reserved }).toEqual({ free: 28, spent: 12, reserved: 0 });
    expect(settle(settled, null, 12)).toBe(settled);
  });

  test("what no call was said to have cost, and what calls cost beyond their reserves, goes up with reports and stays after the end", ({
    expect,
  }) => {
    const { root, link, region } = rootAndRegion();
    const unheard = held(region, 10);
    const dear = held(presume(unheard.account, unheard.hold).account, 5);
    const after = settle(dear.account, dear.hold, 12);
    const told = reportOf(after, 0, nothingBelow);
    expect(takeReport(root, link, told.report).link).toMatchObject({ spent: 22, presumed: 10, over: 7 });
    const closed = close(settle(told.account, { ...unheard.hold, state: "presumed" }, 4));
    if (closed === null) throw new Error("nothing is held");
    const ended = takeReport(root, link, reportOf(closed, 0, nothingBelow).report);
    expect({ link: ended.link, spent: spentOf(ended.account), presumed: presumedOf(ended.account), over: ended.account.over }).toEqual({
      link: null,
      spent: 16,
      presumed: 4,
      over: 7,
    });
  });

  test("a stream reserves block by block, and is settled as one call", ({ expect }) => {
    const first = held(rootAndRegion().region, 10);
    const second = extend(first.account, first.hold, 15);
    if (second.kind === "short") throw new Error("it fits");
    expect(second.hold.amount).toBe(25);
    expect(freeOf(settle(second.account, second.hold, 20))).toBe(20);
  });

  test("a call of unknown cost counts in full until somebody says what it cost", ({ expect }) => {
    const { account, hold } = held(rootAndRegion().region, 30);
    const presumed = presume(account, hold);
    expect(freeOf(presumed.account)).toBe(10);
    expect(presume(presumed.account, presumed.hold)).toEqual(presumed);
    const known = settle(presumed.account, presumed.hold, 5);
    expect({ free: freeOf(known), spent: spentOf(known), settled: known.settled }).toEqual({ free: 35, spent: 5, settled: 30 });
  });

  test("a cost beyond the reserve is a debt that the next grant pays first", ({ expect }) => {
    const { root, link, region } = rootAndRegion();
    const { account, hold } = held(region, 40);
    const indebted = settle(account, hold, 55);
    expect(freeOf(indebted)).toBe(-15);
    expect(reserve(indebted, 1)).toEqual({ kind: "short", by: 16 });
    const said = reportOf(indebted, 10, nothingBelow);
    const taken = takeReport(root, link, said.report);
    if (taken.link === null) throw new Error("the link is open");
    const granted = grant(taken.account, taken.link, 1_000);
    expect(granted.link.granted).toBe(65);
    expect(freeOf(receive(said.account, grantOf(granted.link, null)))).toBe(10);
  });

  test("rights that are wanted back go as far as they are free, however often they are asked for", ({ expect }) => {
    const { link, region } = rootAndRegion();
    const { account } = held(region, 25);
    const recalled = recall(account, grantOf(link, 5));
    expect(freeOf(recalled)).toBe(5);
    expect(recall(recalled, grantOf(link, 5))).toBe(recalled);
    expect(giveBack(recalled, 1_000).returned).toBe(15);
  });
});

describe("a grantor", () => {
  test("a report that comes twice is granted once; one that comes late changes nothing that is newer", ({ expect }) => {
    const { root, link, region } = rootAndRegion();
    const older = reportOf(region, 60, nothingBelow);
    const newer = reportOf(giveBack(older.account, 15), 0, nothingBelow);
    const taken = takeReport(root, link, newer.report);
    if (taken.link === null) throw new Error("the link is open");
    const late = takeReport(taken.account, taken.link, older.report);
    expect(late).toEqual(taken);
    expect(grant(taken.account, taken.link, 1_000).account.lent).toBe(25);
  });

  test("a limit that was lowered grants nothing until enough came back; one that was raised grants at once", ({ expect }) => {
    const { root, link, region } = rootAndRegion();
    const lowered = setLimit(root, 30, 2);
    const said = reportOf(region, 60, nothingBelow);
    const taken = takeReport(lowered, link, said.report);
    if (taken.link === null) throw new Error("the link is open");
    expect(grant(taken.account, taken.link, 1_000).account).toEqual(taken.account);
    expect(grant(setLimit(taken.account, 70, 3), taken.link, 1_000).account.lent).toBe(60);
    expect(setLimit(lowered, 1_000, 1)).toBe(lowered);
  });

  test("a closing report frees all that was not spent, a grant that never came included", ({ expect }) => {
    const { root, link, region } = rootAndRegion();
    const { account, hold } = held(region, 30);
    const unheard = grant(root, { ...link, target: 70 }, 1_000);
    const closed = close(settle(account, hold, 12));
    if (closed === null) throw new Error("nothing is open");
    const taken = takeReport(unheard.account, unheard.link, reportOf(closed, 0, nothingBelow).report);
    expect(taken.link).toBeNull();
    expect({ free: freeOf(taken.account), spent: spentOf(taken.account), lent: taken.account.lent }).toEqual({
      free: 88,
      spent: 12,
      lent: 0,
    });
    expect(close(account)).toBeNull();
  });

  test("receipts refund what a lost holder's calls did not cost, each once, and none that a checkpoint had settled", ({ expect }) => {
    const { root, link } = rootAndRegion();
    const lost = { account: root, link: lose({ ...link, holds: 7 }) };
    const receipt = { epoch: link.epoch, seq: 8, amount: 10 };
    const redeemed = redeem(lost, receipt, 4, null);
    expect(redeemed?.account.lent).toBe(34);
    expect(redeem(lost, receipt, 4, "redeemed")).toBeNull();
    expect(redeem(lost, { ...receipt, seq: 7 }, 4, null)).toBeNull();
    expect(redeem(lost, { ...receipt, seq: 7 }, 4, "open")?.account.lent).toBe(34);
    expect(redeem({ account: root, link }, receipt, 4, null)).toBeNull();
    expect(redeem(lost, receipt, 13, null)?.account.settled).toBe(3);
  });

  test("what is given up is spent for good, and the link's late words are worth nothing", ({ expect }) => {
    const { root, link, region } = rootAndRegion();
    const writtenOff = writeOff({ account: root, link });
    expect({ free: freeOf(writtenOff), spent: spentOf(writtenOff), out: outstandingOf(link) }).toEqual({ free: 60, spent: 40, out: 40 });
    expect(takeReport(writtenOff, null, reportOf(region, 5, nothingBelow).report).account).toBe(writtenOff);
  });

  test("what is spent and reserved below is told upwards, links together", ({ expect }) => {
    const { link, region } = rootAndRegion();
    const { account } = held(region, 5);
    const below = belowOf([
      { ...link, spent: 2, reserved: 3 },
      { ...link, spent: 10, reserved: 0 },
    ]);
    expect(reportOf(account, 0, below).report).toMatchObject({ spent: 12, reserved: 8 });
  });
});
