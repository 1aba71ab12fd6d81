import { describe, test } from "vitest";
import { freeOf, openAccount, spentOf, type Account } from "./account.ts";
import {
  isLow,
  keepOf,
  noSpending,
  observe,
  passedThresholds,
  pocketGrant,
  quantum,
  rateAt,
  wantedFree,
  type SpendRate,
} from "./grant-policy.ts";
import { grant, grantOf, openLink, outstandingOf, setLimit, takeReport, type Link } from "./grantor.ts";
import { nothingBelow, recall, receive, reportOf, reserve, settle, type Hold } from "./holder.ts";

interface Site {
  account: Account;
  link: Link;
  rate: SpendRate;
  isAsking: boolean;
}

const roundTripMs = 100;
const sites = 6;

/**
 * Six regions with uneven traffic (half in the first) spend one budget: 50 calls a second that cost a tenth to seven tenths
 * of what they reserve, and last 1 to 8 s. A region asks ahead when it is low; its answer comes a round trip later.
 */
function spendAll(limit: number): { calls: number; waited: number; usedPart: number; inFlightPart: number; overshoot: number } {
  let seed = 11;
  const random = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 4_294_967_296;
  };
  let root = setLimit(openAccount("w", 0), limit, 1);
  const all: Site[] = [];
  for (let index = 0; index < sites; index++) {
    const opened = openLink(root, `region-${index}`);
    root = opened.account;
    all.push({ account: openAccount("w", opened.link.epoch), link: opened.link, rate: noSpending, isAsking: false });
  }
  const due: { atMs: number; do: () => void }[] = [];
  const worst = 90;
  let [calls, waited, nowMs, overshoot] = [0, 0, 0, 0];
  /** The root hears a region now; `waiting`: what a call there needs. */
  const hear = (site: Site, waiting: number): void => {
    const perMs = rateAt(site.rate, nowMs);
    const said = reportOf(site.account, wantedFree(perMs, waiting, worst), nothingBelow);
    const taken = takeReport(root, site.link, said.report);
    site.account = said.account;
    if (taken.link === null) return;
    const granted = grant(taken.account, taken.link, quantum(freeOf(taken.account), sites, waiting));
    root = granted.account;
    site.link = granted.link;
    site.account = receive(site.account, grantOf(site.link, null));
  };
  const recallOthers = (site: Site, doesCallWait: boolean): void => {
    for (const other of all) {
      if (other === site) continue;
      const keep = keepOf(outstandingOf(other.link) - other.link.spent - other.link.reserved, doesCallWait);
      const said = reportOf(recall(other.account, grantOf(other.link, keep)), 0, nothingBelow);
      other.account = said.account;
      const taken = takeReport(root, other.link, said.report);
      if (taken.link === null) continue;
      root = taken.account;
      other.link = taken.link;
    }
  };
  for (; nowMs < 600_000; nowMs += 20) {
    due.sort((left, right) => left.atMs - right.atMs);
    while ((due[0]?.atMs ?? Number.POSITIVE_INFINITY) <= nowMs) due.shift()?.do();
    const site = all[random() < 0.5 ? 0 : Math.floor(random() * sites)];
    if (site === undefined) continue;
    calls++;
    const amount = Math.ceil(10 + random() * random() * 80);
    let reserved = reserve(site.account, amount);
    if (reserved.kind === "short") {
      waited++;
      for (let trip = 0; trip < 2 && reserved.kind === "short"; trip++) {
        if (trip === 1) recallOthers(site, true);
        hear(site, amount);
        reserved = reserve(site.account, amount);
      }
    }
    if (reserved.kind === "short") break;
    const { hold } = reserved;
    site.account = reserved.account;
    site.rate = observe(site.rate, amount, nowMs);
    const actual = Math.floor(hold.amount * (0.1 + 0.6 * random()));
    due.push({ atMs: nowMs + 1_000 + 7_000 * random(), do: () => (site.account = settle(site.account, hold satisfies Hold, actual)) });
    overshoot = Math.max(overshoot, all.reduce((sum, { account }) => sum + account.settled + account.reserved, 0) - limit);
    if (site.isAsking || !isLow(freeOf(site.account), rateAt(site.rate, nowMs), roundTripMs)) continue;
    site.isAsking = true;
    const ask = (): void => {
      site.isAsking = false;
      hear(site, 0);
    };
    due.push({ atMs: nowMs + roundTripMs, do: ask });
  }
  const used = all.reduce((sum, { account }) => sum + spentOf(account), 0);
  const inFlight = all.reduce((sum, { account }) => sum + account.reserved, 0);
  return { calls, waited, usedPart: used / limit, inFlightPart: inFlight / limit, overshoot };
}

describe("the grant policy", () => {
  test("six regions spend a budget to its end: few calls wait for rights, and what is unspent is under way", ({ expect }) => {
    const { calls, waited, usedPart, inFlightPart, overshoot } = spendAll(200_000);
    expect(overshoot).toBeLessThanOrEqual(0);
    expect(waited / calls).toBeLessThan(0.02);
    expect(usedPart + inFlightPart).toBeGreaterThan(0.995);
  });

  test("a mean rises with what is spent, and is forgotten in time", ({ expect }) => {
    let rate = noSpending;
    for (let second = 1; second <= 60; second++) rate = observe(rate, 1_000, second * 1_000);
    expect(rate.perMs).toBeGreaterThan(0.95);
    expect(rate.perMs).toBeLessThan(1.1);
    expect(rateAt(rate, 60_000 + 100_000)).toBeLessThan(0.001);
    expect(rateAt(rate, 0)).toBe(rate.perMs);
  });

  test("a quantum leaves half to the others, unless a call waits for more", ({ expect }) => {
    expect(quantum(1_000, 5, 0)).toBe(100);
    expect(quantum(1_000, 5, 300)).toBe(300);
    expect(quantum(200, 5, 300)).toBe(200);
    expect(quantum(-50, 5, 300)).toBe(0);
    expect([keepOf(101, false), keepOf(101, true), keepOf(-5, false)]).toEqual([50, 0, 0]);
  });

  test("there is no pocket near the end of a budget, for a few calls only, or where pockets have stranded enough", ({ expect }) => {
    const question = { limit: 1_000_000, free: 500_000, inHand: 400_000, stranded: 0, perMs: 1, worstCase: 100, pockets: 4 };
    expect(pocketGrant(question)).toBe(1_250);
    expect(pocketGrant({ ...question, perMs: 0.2 })).toBe(1_000);
    expect(pocketGrant({ ...question, free: 199_999 })).toBe(0);
    expect(pocketGrant({ ...question, worstCase: 157 })).toBe(0);
    expect(pocketGrant({ ...question, stranded: 5_000 })).toBe(0);
    expect([pocketGrant({ ...question, inHand: 900 }), pocketGrant({ ...question, inHand: 799 })]).toEqual([900, 0]);
  });

  test("each threshold is passed once", ({ expect }) => {
    expect(passedThresholds([1, 0.5, 0.8], 1_000, 400, 900)).toEqual([0.5, 0.8]);
    expect(passedThresholds([1, 0.5, 0.8], 1_000, 500, 799)).toEqual([]);
    expect(passedThresholds([1, 0.5, 0.8], 1_000, 999, 1_000)).toEqual([1]);
  });
});
