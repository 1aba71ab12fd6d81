import { freeOf, openAccount, spentOf, type Account } from "./account.ts";
import { grantOf, openLink, outstandingOf, type Link } from "./grantor.ts";
import { nothingBelow, reportOf, type Grant, type Hold, type Report } from "./holder.ts";
import { at, must, Violation, type Escrow } from "./simulation-tree.fixture.ts";

/** A root and its holders, with the amounts of the calls under way at each. */
interface State {
  readonly root: Account;
  readonly holders: readonly Holder[];
}

interface Holder {
  readonly link: Link;
  readonly account: Account;
  readonly open: readonly number[];
  /** On their way: each may come at any time, or twice, or never. */
  readonly reports: readonly Report[];
  readonly grants: readonly Grant[];
}

export interface Search {
  readonly states: number;
  readonly transitions: number;
  readonly violation: string | null;
}

const costs = [1, 2] as const;
const openMax = 2;

/**
 * Every state that can be reached by reports and grants that are lost, doubled and late (and overtake each other where more
 * than one may be on its way), by reservations of 1 and 2, settlements at all costs, and returns of all sizes.
 */
export function searchAll(holders: number, limit: number, inTransitMax: number, steps: Escrow): Search {
  let root = steps.setLimit(openAccount("w", 0), limit, 1);
  const opened: Holder[] = [];
  for (let index = 0; index < holders; index++) {
    const next = openLink(root, `holder-${index}`);
    root = next.account;
    opened.push({ link: next.link, account: openAccount("w", next.link.epoch), open: [], reports: [], grants: [] });
  }
  const seen = new Set<string>();
  let queue: State[] = [];
  let transitions = 0;
  const visit = (state: State): void => {
    const keyed = state.holders.map(plainHolder).map((holder) => ({ holder, key: keyOf(holder) }));
    // Holders are alike: which of them is in which state makes no difference.
    keyed.sort((left, right) => (left.key < right.key ? -1 : 1));
    const key = keyed.map((each) => each.key).join(";");
    if (seen.has(key)) return;
    const plain: State = { ...state, holders: keyed.map(({ holder }) => holder) };
    check(plain, limit);
    seen.add(key);
    queue.push(plain);
  };
  try {
    visit({ root, holders: opened });
    while (queue.length > 0) {
      const layer = queue;
      queue = [];
      for (const state of layer) {
        for (const next of successors(state, limit, inTransitMax, steps)) {
          transitions++;
          visit(next);
        }
      }
    }
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    return { states: seen.size, transitions, violation: error.message };
  }
  return { states: seen.size, transitions, violation: null };
}

/** Registers only ever meet in differences, and what says nothing new is all alike: such states are one. */
function plainHolder({ link, account, open, reports, grants }: Holder): Holder {
  const gone = link.returned;
  const granted = link.granted - gone;
  const received = account.received - gone;
  const news = [...new Set(reports.map(({ seq }) => seq).filter((seq) => seq > link.reportSeq))].toSorted((left, right) => left - right);
  return {
    link: { ...link, granted, returned: 0, target: 0, reportSeq: 0, holds: 0, spent: 0, reserved: 0, presumed: 0, over: 0 },
    account: { ...account, received, returned: account.returned - gone, holds: 0, reports: news.length },
    open: open.toSorted((left, right) => left - right),
    reports: reports
      .map((report) => ({
        ...report,
        seq: news.indexOf(report.seq) + 1,
        target: news.includes(report.seq) ? Math.max(granted, report.target - gone) : 0,
        returned: Math.max(0, report.returned - gone),
      }))
      .toSorted((left, right) => left.seq - right.seq || left.target - right.target || left.returned - right.returned),
    grants: grants
      .map((grant) => ({ ...grant, granted: Math.max(received, grant.granted - gone) }))
      .toSorted((left, right) => left.granted - right.granted),
  };
}

function keyOf({ link, account, open, reports, grants }: Holder): string {
  let key = `${link.granted},${account.received},${account.returned},${account.settled},${open.join("+")}`;
  for (const { seq, target, returned } of reports) key += `r${seq},${target},${returned}`;
  for (const { granted } of grants) key += `g${granted}`;
  return key;
}

function check({ root, holders }: State, limit: number): void {
  let out = 0;
  let used = 0;
  for (const { link, account, open } of holders) {
    out += outstandingOf(link);
    used += spentOf(account) + open.reduce((sum, amount) => sum + amount, 0);
    must(freeOf(account) >= 0 && account.received <= link.granted && link.returned <= account.returned, "D-I2");
  }
  must(out <= limit && out === root.lent, "D-I1");
  must(used <= limit, "overshoot");
}

function* successors(state: State, limit: number, inTransitMax: number, steps: Escrow): Generator<State> {
  for (const [index, holder] of state.holders.entries()) {
    const replace = (changed: Partial<Holder>, root: Account = state.root): State => ({
      root,
      holders: state.holders.toSpliced(index, 1, { ...holder, ...changed }),
    });
    const { account, link, open, reports, grants } = holder;
    if (reports.length < inTransitMax) {
      for (let wanted = 0; wanted <= limit; wanted++) {
        if (wanted > 0 && wanted <= freeOf(account)) continue;
        const said = reportOf(account, wanted, nothingBelow);
        yield replace({ account: said.account, reports: [...reports, said.report] });
      }
    }
    for (const [place, report] of reports.entries()) {
      yield replace({ reports: reports.toSpliced(place, 1) });
      const taken = steps.takeReport(state.root, link, report);
      if (taken.link === null) continue;
      for (let most = 0; most <= limit; most++) {
        const granted = steps.grant(taken.account, taken.link, most);
        yield replace({ link: granted.link }, granted.account);
        if (granted.link.granted - taken.link.granted < most) break;
      }
    }
    if (grants.length < inTransitMax) yield replace({ grants: [...grants, grantOf(link, null)] });
    for (const [place, grant] of grants.entries()) {
      yield replace({ grants: grants.toSpliced(place, 1) });
      yield replace({ account: steps.receive(account, grant) });
    }
    for (const cost of costs) {
      if (open.length === openMax) break;
      const reserved = steps.reserve(account, cost);
      if (reserved.kind === "held") yield replace({ account: reserved.account, open: [...open, cost] });
    }
    for (const [call, amount] of open.entries()) {
      const hold: Hold = { window: account.window, epoch: account.epoch, seq: 1, amount, state: "open" };
      for (let actual = 0; actual <= at(open, call); actual++) {
        yield replace({ account: steps.settle(account, hold, actual), open: open.toSpliced(call, 1) });
      }
    }
    for (let returned = 1; returned <= freeOf(account); returned++) yield replace({ account: steps.giveBack(account, returned) });
  }
}
