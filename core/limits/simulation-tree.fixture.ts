import { freeOf, openAccount, spentOf, type Account } from "./account.ts";
import { belowOf, grant, lose, openLink, outstandingOf, redeem, setLimit, takeReport, writeOff, type Link } from "./grantor.ts";
import {
  close,
  giveBack,
  nothingBelow,
  presume,
  recall,
  receive,
  reportOf,
  reserve,
  settle,
  type Below,
  type Hold,
  type Report,
} from "./holder.ts";

/** The protocol's steps, as the simulation takes them: a test puts a wrong one in place of a right one. */
export const escrow = {
  receive,
  reserve,
  settle,
  presume,
  giveBack,
  recall,
  close,
  setLimit,
  takeReport,
  grant,
  lose,
  redeem,
  writeOff,
  /** What a holder has at the start of a window; `before`: what it had in the last one. */
  roll: (window: string, epoch: number, _before: Account | null): Account => openAccount(window, epoch),
};
export type Escrow = typeof escrow;

export class Violation extends Error {}

export function must(holds: boolean, invariant: string): void {
  if (!holds) throw new Violation(invariant);
}

/** An account with what must be true of it, counted apart from it. */
export interface Node {
  account: Account;
  /** What its calls were settled at, by their own count. */
  expectedSpent: number;
  /** The account when it was last looked at. */
  seen: Account;
  /** The most that it ever wanted to have been granted. */
  asked: number;
  holds: Map<number, Hold>;
}

/** One isolate. Without notice it dies, and its pocket and its calls with it. */
export interface Isolate {
  readonly region: RegionNode;
  alive: boolean;
  pocket: Node;
}

export interface RegionNode {
  readonly tree: Tree;
  readonly index: number;
  readonly node: Node;
  /** The Durable Object's working memory: it admits calls between two checkpoints. */
  memory: Node;
  readonly links: Map<number, Link>;
  /** By link: what the calls that it paid for truly cost. */
  readonly trueSpent: Map<number, number>;
  /** Rows of holds of the memory, as last stored, by epoch and seq. */
  readonly rows: Map<string, "open" | "redeemed">;
  readonly isolates: Isolate[];
  /** What may be out in this region; `null`: all of it. */
  readonly cap: number | null;
  /** By link: what it was counted at beyond what its calls truly cost. */
  readonly stranded: Map<number, number>;
}

/** All that concerns one window. */
export interface Tree {
  readonly window: string;
  readonly root: Node;
  readonly rootLinks: (Link | null)[];
  readonly regions: RegionNode[];
  /** Only here does a provider bill more than was reserved. */
  readonly hasDebts: boolean;
  limit: number;
  limitVersion: number;
  /** The truth that no node knows: what ended calls cost, what calls under way may cost, what was billed beyond a reserve. */
  spent: number;
  open: number;
  debts: number;
  /** A lowered limit holds as soon as what was out has come back: what may be out till then. */
  ceiling: number;
  committed: number;
  /** Everything ended in it. */
  isOver: boolean;
}

export function at<Value>(values: readonly Value[], index: number): Value {
  const value = values[index];
  if (value === undefined) throw new Error(`nothing at ${index}`);
  return value;
}

export function nodeOf(account: Account): Node {
  return { account, expectedSpent: 0, seen: account, asked: 0, holds: new Map() };
}

export function plantTree(steps: Escrow, number: number, limit: number, before: Tree | null): Tree {
  const window = `w${number}`;
  const root = nodeOf(steps.setLimit(openAccount(window, 0), limit, 1));
  const tree: Tree = {
    window,
    root,
    rootLinks: [],
    regions: [],
    hasDebts: number % 4 === 3,
    limit,
    limitVersion: 1,
    spent: 0,
    open: 0,
    debts: 0,
    ceiling: limit,
    committed: 0,
    isOver: false,
  };
  for (let index = 0; index < 3; index++) {
    const opened = openLink(root.account, `region-${index}`);
    root.account = opened.account;
    tree.rootLinks.push(opened.link);
    const account = steps.roll(window, opened.link.epoch, before === null ? null : at(before.regions, index).node.account);
    const region: RegionNode = {
      tree,
      index,
      node: nodeOf(account),
      memory: nodeOf(openAccount(window, 0)),
      links: new Map(),
      trueSpent: new Map(),
      rows: new Map(),
      isolates: [],
      cap: index === 2 && number % 2 === 0 ? Math.floor(limit / 2) : null,
      stranded: new Map(),
    };
    tree.regions.push(region);
    region.memory = openBelow(steps, region, "memory");
    for (let isolate = 0; isolate < 2; isolate++) region.isolates.push(startIsolate(steps, region));
  }
  return tree;
}

export function openBelow(steps: Escrow, region: RegionNode, holder: string): Node {
  const { account, link } = openLink(region.node.account, holder);
  region.node.account = account;
  region.links.set(link.epoch, link);
  region.trueSpent.set(link.epoch, 0);
  return nodeOf(steps.roll(account.window, link.epoch, null));
}

export function startIsolate(steps: Escrow, region: RegionNode): Isolate {
  return { region, alive: true, pocket: openBelow(steps, region, "pocket") };
}

/** The memory's registers and open holds are stored, in one step with the account. */
export function checkpoint(steps: Escrow, region: RegionNode, wanted: number): void {
  const { memory, node, rows } = region;
  const report = reportFrom(memory, wanted, nothingBelow);
  const link = region.links.get(memory.account.epoch) ?? null;
  const taken = steps.takeReport(node.account, link, report);
  node.account = taken.account;
  const prefix = `${memory.account.epoch}/`;
  for (const row of rows.keys()) if (row.startsWith(prefix)) rows.delete(row);
  for (const seq of memory.holds.keys()) rows.set(prefix + String(seq), "open");
  if (taken.link === null) return void region.links.delete(memory.account.epoch);
  const granted = steps.grant(node.account, taken.link, Number.MAX_SAFE_INTEGER);
  node.account = granted.account;
  region.links.set(granted.link.epoch, granted.link);
  memory.account = steps.receive(memory.account, {
    window: link?.window ?? "",
    epoch: link?.epoch ?? 0,
    granted: granted.link.granted,
    keep: null,
  });
}

export function reportFrom(node: Node, wanted: number, below: Below): Report {
  const { account, report } = reportOf(node.account, wanted, below);
  node.account = account;
  node.asked = Math.max(node.asked, report.target);
  return report;
}

export function reportOfRegion({ node, links }: RegionNode, wanted: number): Report {
  return reportFrom(node, wanted, belowOf(links.values()));
}

function checkNode(node: Node, mayOwe: boolean): void {
  const { account, seen } = node;
  if (account === seen) return;
  node.seen = account;
  must(mayOwe || freeOf(account) >= 0, "D-I2: U + V + R <= g");
  must(account.reserved >= 0 && account.lent >= 0, "nothing is released that was not reserved or lent");
  must(account.presumed <= account.settled, "what is presumed is spent");
  must(account.refunded <= account.presumed, "D-I4: a refund has a presumed reserve behind it");
  must(
    account.received >= seen.received &&
      account.returned >= seen.returned &&
      account.settled >= seen.settled &&
      account.refunded >= seen.refunded &&
      account.presumed >= seen.presumed,
    "D-I3: registers never fall",
  );
  must(spentOf(account) === node.expectedSpent, "D-I4, D-I5: each hold is settled once, at what it cost");
}

function checkLink(link: Link, { account, asked }: Node): void {
  must(account.received <= link.granted, "D-I2: g <= G");
  must(link.returned <= account.returned, "D-I2: r <= R");
  must(link.granted <= asked, "no more is granted than was ever wanted");
}

function checkRegion(region: RegionNode): void {
  const { node, memory, links, isolates, cap, tree } = region;
  must(node.account.received >= node.seen.received && node.account.returned >= node.seen.returned, "D-I3: registers never fall");
  must(tree.hasDebts || freeOf(node.account) >= 0, "D-I2: U + V + R <= g");
  node.seen = node.account;
  checkNode(memory, tree.hasDebts);
  let lent = 0;
  for (const link of links.values()) {
    lent += outstandingOf(link);
    must(
      outstandingOf(link) >= (tree.hasDebts ? Number.NEGATIVE_INFINITY : (region.trueSpent.get(link.epoch) ?? 0)),
      "what was spent is out",
    );
  }
  must(lent === node.account.lent, "a node has lent what its links hold");
  const memoryLink = links.get(memory.account.epoch);
  if (memoryLink !== undefined) checkLink(memoryLink, memory);
  for (const { pocket } of isolates) {
    checkNode(pocket, tree.hasDebts);
    const link = links.get(pocket.account.epoch);
    if (link !== undefined) checkLink(link, pocket);
  }
  const up = tree.rootLinks[region.index];
  if (up === undefined || up === null) return;
  checkLink(up, node);
  must(cap === null || outstandingOf(up) <= cap, "a region's own limit holds");
}

/** All that must be true of a tree after any step whatever. */
export function checkTree(tree: Tree): void {
  const { root, rootLinks, limit, debts } = tree;
  for (const region of tree.regions) checkRegion(region);
  let lent = 0;
  for (const link of rootLinks) if (link !== null) lent += outstandingOf(link);
  must(lent === root.account.lent, "a node has lent what its links hold");
  const committed = root.account.lent + root.account.settled;
  must(committed <= Math.max(limit, tree.committed) + debts, "D-I1: nothing is granted beyond the limit");
  tree.ceiling = Math.max(limit, Math.min(tree.ceiling, committed));
  tree.committed = committed;
  const spentOrOpen = tree.spent + tree.open;
  must(spentOrOpen <= tree.ceiling + debts, "overshoot: more is spent or reserved than the limit");
  must(spentOrOpen <= committed + debts, "the root counts all that is spent or reserved");
}
