import { freeOf, spentOf } from "./account.ts";
import { grantOf, outstandingOf } from "./grantor.ts";
import { nothingBelow, type Grant, type Hold, type Report } from "./holder.ts";
import {
  at,
  checkpoint,
  checkTree,
  must,
  openBelow,
  plantTree,
  reportFrom,
  reportOfRegion,
  startIsolate,
  Violation,
  type Escrow,
  type Isolate,
  type Node,
  type RegionNode,
  type Tree,
} from "./simulation-tree.fixture.ts";

interface Call {
  readonly isolate: Isolate;
  /** The pocket or the memory that holds for it, and the hold as the caller knows it. */
  readonly node: Node;
  readonly hold: Hold;
  actual: number;
}

type Message =
  | { readonly kind: "report-to-root"; readonly region: RegionNode; readonly report: Report }
  | { readonly kind: "grant-to-region"; readonly region: RegionNode; readonly grant: Grant }
  | { readonly kind: "report-to-region"; readonly isolate: Isolate; readonly report: Report }
  | { readonly kind: "grant-to-pocket"; readonly isolate: Isolate; readonly grant: Grant }
  /** The region admitted a call; the caller sends it when it hears so. */
  | { readonly kind: "admitted"; readonly call: Call }
  | { readonly kind: "settle"; readonly call: Call };

export interface Outcome {
  readonly steps: number;
  /** The invariant that broke; `null`: none did. */
  readonly violation: string | null;
  /** How often each thing happened, to show that all of them do. */
  readonly counts: Readonly<Record<string, number>>;
}

const costMax = 9;
const messagesMax = 40;
const callsMax = 24;

class World {
  readonly steps: Escrow;
  private randomState: number;
  readonly messages: Message[] = [];
  readonly running: Call[] = [];
  /** Calls whose settling a region has not confirmed. */
  readonly unsettled: Call[] = [];
  readonly draining: Tree[] = [];
  current: Tree;
  windows = 0;
  admitted = 0;

  constructor(steps: Escrow, seed: number) {
    this.steps = steps;
    this.randomState = seed;
    this.current = plantTree(steps, 0, 150, null);
  }

  /** Mulberry32: a whole number below `bound`. */
  below(bound: number): number {
    this.randomState = (this.randomState + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.randomState ^ (this.randomState >>> 15), this.randomState | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * bound);
  }

  pick<Value>(values: readonly Value[]): Value | null {
    return values[this.below(values.length)] ?? null;
  }

  /** Mostly of the window that runs, now and then of one that runs out. */
  tree(): Tree {
    return this.below(6) === 0 ? (this.pick(this.draining) ?? this.current) : this.current;
  }

  region(): RegionNode {
    return at(this.tree().regions, this.below(3));
  }

  isolate(): Isolate {
    return at(this.region().isolates, this.below(2));
  }

  send(message: Message): void {
    if (this.messages.length >= messagesMax) take(this.messages, this.below(this.messages.length));
    this.messages.push(message);
  }

  start(call: Call): void {
    const { tree } = call.isolate.region;
    tree.open += call.hold.amount;
    this.running.push(call);
    this.admitted++;
  }

  /** The call is over; what it cost is the truth, whether or not anybody hears of it. */
  end(call: Call, actual: number): void {
    const { region } = call.isolate;
    call.actual = actual;
    region.tree.open -= call.hold.amount;
    region.tree.spent += actual;
    region.tree.debts += Math.max(0, actual - call.hold.amount);
    const epoch = call.hold.epoch;
    const known = region.trueSpent.get(epoch);
    if (known !== undefined) region.trueSpent.set(epoch, known + actual);
    // Its link was given up as spent before it was known that it would cost anything.
    else strand(region, epoch, -actual);
  }

  /** A pocket's or a memory's own settling. A presumed hold is already expected to have cost all of it. */
  settleAt(node: Node, seq: number, actual: number): void {
    const hold = node.holds.get(seq) ?? null;
    node.account = this.steps.settle(node.account, hold, actual);
    if (hold === null) return;
    node.holds.delete(seq);
    node.expectedSpent += hold.state === "presumed" ? actual - hold.amount : actual;
  }

  settleInRegion(call: Call): void {
    const { region } = call.isolate;
    const { hold, actual } = call;
    if (hold.epoch === region.memory.account.epoch) {
      const before = freeOf(region.memory.account);
      this.settleAt(region.memory, hold.seq, actual);
      // What a call gives back may be used anew only after it is stored that it was given back.
      region.memory.account = this.steps.giveBack(region.memory.account, freeOf(region.memory.account) - before);
      return;
    }
    const link = region.links.get(hold.epoch);
    if (link === undefined) return;
    const row = `${hold.epoch}/${hold.seq}`;
    const redeemed = this.steps.redeem({ account: region.node.account, link }, hold, actual, region.rows.get(row) ?? null);
    if (redeemed === null) return;
    region.node.account = redeemed.account;
    region.links.set(redeemed.link.epoch, redeemed.link);
    region.rows.set(row, "redeemed");
    strand(region, hold.epoch, Math.max(0, actual - hold.amount));
  }

  reportToRoot(region: RegionNode, wanted: number): void {
    this.send({ kind: "report-to-root", region, report: reportOfRegion(region, wanted) });
  }

  reportToRegion(isolate: Isolate, wanted: number): void {
    this.send({ kind: "report-to-region", isolate, report: reportFrom(isolate.pocket, wanted, nothingBelow) });
  }

  mostOf(region: RegionNode): number {
    const link = region.tree.rootLinks[region.index] ?? null;
    return region.cap === null || link === null ? Number.MAX_SAFE_INTEGER : region.cap - outstandingOf(link);
  }

  /** A root hears of a region: it takes the report in and grants. */
  rootTakes(tree: Tree, region: RegionNode, report: Report): void {
    const taken = this.steps.takeReport(tree.root.account, tree.rootLinks[region.index] ?? null, report);
    tree.root.account = taken.account;
    tree.rootLinks[region.index] = taken.link;
    if (taken.link === null) return;
    const granted = this.steps.grant(tree.root.account, taken.link, this.mostOf(at(tree.regions, region.index)));
    tree.root.account = granted.account;
    tree.rootLinks[region.index] = granted.link;
  }

  deliver(message: Message): void {
    switch (message.kind) {
      case "report-to-root": {
        const { region, report } = message;
        const { tree } = region;
        this.rootTakes(tree, region, report);
        // Lost in the wrong window, it must change nothing there.
        if (tree !== this.current) this.rootTakes(this.current, region, report);
        const link = tree.rootLinks[region.index] ?? null;
        if (link === null) return;
        if (report.target > link.returned || this.below(4) === 0)
          this.send({ kind: "grant-to-region", region, grant: grantOf(link, null) });
        if (link.granted < report.target && this.below(4) === 0) this.recallSiblings(region);
        return;
      }
      case "grant-to-region": {
        const { region, grant } = message;
        this.regionHears(region, grant);
        if (region.tree !== this.current) this.regionHears(at(this.current.regions, region.index), grant);
        return;
      }
      case "report-to-region": {
        const { isolate, report } = message;
        const epochs = new Set([report.epoch, isolate.pocket.account.epoch]);
        for (const epoch of epochs) this.regionTakes(isolate, epoch, report);
        return;
      }
      case "grant-to-pocket": {
        const { isolate, grant } = message;
        const next = at(at(this.current.regions, isolate.region.index).isolates, 0);
        for (const hearer of new Set([isolate, next])) {
          if (!hearer.alive) continue;
          hearer.pocket.account = this.steps.recall(this.steps.receive(hearer.pocket.account, grant), grant);
        }
        return;
      }
      case "admitted": {
        const { call } = message;
        const { isolate, hold } = call;
        if (!isolate.alive || isolate.region.tree.isOver || this.running.includes(call) || call.actual >= 0) return;
        // A caller that hears of it twice, or too late, sends nothing; the hold is presumed some day.
        if (hold.epoch !== isolate.region.memory.account.epoch && this.below(2) === 0) return;
        this.start(call);
        return;
      }
      case "settle":
        this.settleInRegion(message.call);
    }
  }

  regionHears(region: RegionNode, grant: Grant): void {
    region.node.account = this.steps.receive(region.node.account, grant);
    if (grant.keep === null) return;
    region.memory.account = this.steps.giveBack(region.memory.account, freeOf(region.memory.account));
    checkpoint(this.steps, region, 0);
    region.node.account = this.steps.recall(region.node.account, grant);
    this.reportToRoot(region, 0);
  }

  recallSiblings(region: RegionNode): void {
    for (const sibling of region.tree.regions) {
      const link = region.tree.rootLinks[sibling.index] ?? null;
      if (sibling === region || link === null) continue;
      const keep = this.below(2) * Math.floor((outstandingOf(link) - link.spent - link.reserved) / 2);
      this.send({ kind: "grant-to-region", region: sibling, grant: grantOf(link, Math.max(0, keep)) });
    }
  }

  regionTakes(isolate: Isolate, epoch: number, report: Report): void {
    const { region } = isolate;
    const { node, links } = region;
    const link = links.get(epoch) ?? null;
    const taken = this.steps.takeReport(node.account, link, report);
    node.account = taken.account;
    if (taken.link === null) {
      if (link !== null) forget(region, epoch, report.spent);
      links.delete(epoch);
      return;
    }
    const granted = this.steps.grant(node.account, taken.link, 3 * costMax);
    node.account = granted.account;
    links.set(granted.link.epoch, granted.link);
    if (epoch !== report.epoch) return;
    this.send({ kind: "grant-to-pocket", isolate, grant: grantOf(granted.link, this.below(8) === 0 ? 0 : null) });
    if (granted.link.granted < report.target) this.reportToRoot(region, report.target - granted.link.granted + this.below(4 * costMax));
  }

  killIsolate(isolate: Isolate): void {
    isolate.alive = false;
    for (let index = this.running.length - 1; index >= 0; index--) {
      const call = at(this.running, index);
      if (call.isolate !== isolate) continue;
      take(this.running, index);
      this.end(call, this.below(call.hold.amount + 1));
    }
    for (let index = this.unsettled.length - 1; index >= 0; index--) {
      if (at(this.unsettled, index).isolate === isolate) take(this.unsettled, index);
    }
    const { isolates } = isolate.region;
    isolates[isolates.indexOf(isolate)] = startIsolate(this.steps, isolate.region);
  }

  /** The memory is lost; what is stored remains, as its own JSON. */
  crashRegion(region: RegionNode): void {
    const { node, links, memory } = region;
    node.account = JSON.parse(JSON.stringify(node.account));
    const link = links.get(memory.account.epoch);
    if (link !== undefined) links.set(link.epoch, this.steps.lose(link));
    region.memory = openBelow(this.steps, region, "memory");
  }

  /** Everything ends well from here on: the ledger must then be the truth, but for what died unheard. */
  quiesce(tree: Tree): void {
    const calls = this.running.filter(({ isolate }) => isolate.region.tree === tree);
    for (const call of calls) {
      take(this.running, this.running.indexOf(call));
      this.end(call, this.below(call.hold.amount + 1));
      if (call.node === call.isolate.pocket) this.settleAt(call.node, call.hold.seq, call.actual);
      else this.unsettled.push(call);
    }
    for (const call of this.unsettled.filter(({ isolate }) => isolate.region.tree === tree)) this.settleInRegion(call);
    for (const region of tree.regions) {
      for (const isolate of region.isolates) this.closePocket(isolate, (report) => this.regionTakes(isolate, report.epoch, report));
      this.closeMemory(region);
      for (const [epoch, link] of region.links) {
        region.node.account = this.steps.writeOff({ account: region.node.account, link });
        region.links.delete(epoch);
        forget(region, epoch, outstandingOf(link));
      }
      const closed = this.steps.close(region.node.account);
      must(closed !== null, "a region that is at rest can be closed");
      if (closed !== null) region.node.account = closed;
      this.rootTakes(tree, region, reportOfRegion(region, 0));
    }
    checkTree(tree);
    tree.isOver = true;
    this.unsettled.splice(0, this.unsettled.length, ...this.unsettled.filter(({ isolate }) => !isolate.region.tree.isOver));
    const stranded = tree.regions.flatMap(({ stranded }) => [...stranded.values()]).reduce((sum, each) => sum + each, 0);
    must(tree.root.account.lent === 0, "D-I6: at rest, all rights have come back or are spent");
    must(spentOf(tree.root.account) === tree.spent + stranded, "D-I6: at rest, the ledger is the truth and what died unheard");
  }

  /** Holds that nobody settled are presumed, as the sweep of holds that are too old does. */
  closeMemory(region: RegionNode): void {
    const { memory } = region;
    for (const hold of memory.holds.values()) this.presumeAt(memory, hold);
    checkpoint(this.steps, region, 0);
    const closed = this.steps.close(memory.account);
    must(closed !== null, "a memory whose holds are all presumed can be closed");
    if (closed === null) return;
    const { epoch } = memory.account;
    memory.account = closed;
    memory.holds.clear();
    checkpoint(this.steps, region, 0);
    forget(region, epoch, spentOf(closed));
  }

  closePocket(isolate: Isolate, tell: (report: Report) => void): void {
    const { pocket, region } = isolate;
    const closed = this.steps.close(pocket.account);
    if (closed === null) return;
    pocket.account = closed;
    isolate.pocket = openBelow(this.steps, region, "pocket");
    tell(reportFrom(pocket, 0, nothingBelow));
  }

  presumeAt(node: Node, hold: Hold): void {
    const presumed = this.steps.presume(node.account, hold);
    node.account = presumed.account;
    if (hold.state === "open") node.expectedSpent += hold.amount;
    node.holds.set(hold.seq, presumed.hold);
  }

  /** With messages flowing, a call that fits is admitted after two round trips. */
  probe(): void {
    const tree = this.current;
    const region = at(tree.regions, this.below(2));
    const idle = tree.regions.map(({ node, memory, links, index }) => {
      const up = at(tree.rootLinks, index);
      if (up === null) return 0;
      const unseen = up.granted - node.account.received + (node.account.returned - up.returned);
      const link = links.get(memory.account.epoch);
      return unseen + freeOf(node.account) + freeOf(memory.account) + memory.account.returned - (link?.returned ?? 0);
    });
    const available = idle.reduce((sum, each) => sum + each, freeOf(tree.root.account));
    const cost = 1 + this.below(costMax);
    if (tree.hasDebts || available < cost) return;
    for (let roundTrip = 0; roundTrip < 2; roundTrip++) {
      checkpoint(this.steps, region, cost);
      this.rootTakes(tree, region, reportOfRegion(region, cost - freeOf(region.memory.account)));
      const link = at(tree.rootLinks, region.index);
      if (link !== null) region.node.account = this.steps.receive(region.node.account, grantOf(link, null));
      checkpoint(this.steps, region, cost);
      for (const sibling of tree.regions) {
        const up = at(tree.rootLinks, sibling.index);
        if (sibling === region || up === null || roundTrip === 1) continue;
        sibling.node.account = this.steps.receive(sibling.node.account, grantOf(up, 0));
        sibling.memory.account = this.steps.giveBack(sibling.memory.account, freeOf(sibling.memory.account));
        checkpoint(this.steps, sibling, 0);
        sibling.node.account = this.steps.recall(sibling.node.account, grantOf(up, 0));
        this.rootTakes(tree, sibling, reportOfRegion(sibling, 0));
      }
    }
    const reserved = this.steps.reserve(region.memory.account, cost);
    must(reserved.kind === "held", "liveness: a call that fits is admitted after two round trips");
    if (reserved.kind !== "held") return;
    region.memory.account = reserved.account;
    region.memory.holds.set(reserved.hold.seq, reserved.hold);
    this.settleAt(region.memory, reserved.hold.seq, 0);
    region.memory.account = this.steps.giveBack(region.memory.account, cost);
  }
}

/** A link is gone: what it was counted at beyond what its calls cost is stranded. */
function forget(region: RegionNode, epoch: number, countedAt: number): void {
  strand(region, epoch, countedAt - (region.trueSpent.get(epoch) ?? 0));
  region.trueSpent.delete(epoch);
}

function strand(region: RegionNode, epoch: number, amount: number): void {
  const stranded = (region.stranded.get(epoch) ?? 0) + amount;
  must(region.tree.hasDebts || stranded >= 0, "a link that is gone was counted at all that its calls cost");
  region.stranded.set(epoch, stranded);
}

/** Takes the element out; the last one comes in its place. */
function take<Value>(values: Value[], index: number): Value {
  const taken = at(values, index);
  const last = values.pop();
  if (last !== undefined && index < values.length) values[index] = last;
  return taken;
}

/** What may happen, each step one of them. */
const actions: Readonly<Record<string, (world: World) => void>> = {
  reserveInPocket: (world: World) => {
    const isolate = at(at(world.current.regions, world.below(3)).isolates, world.below(2));
    const amount = 1 + world.below(costMax);
    if (world.running.length >= callsMax) return;
    const reserved = world.steps.reserve(isolate.pocket.account, amount);
    if (reserved.kind === "short")
      return world.below(3) === 0 ? world.reportToRegion(isolate, amount + world.below(2 * costMax)) : undefined;
    isolate.pocket.account = reserved.account;
    isolate.pocket.holds.set(reserved.hold.seq, reserved.hold);
    world.start({ isolate, node: isolate.pocket, hold: reserved.hold, actual: -1 });
  },
  reserveInRegion: (world: World) => {
    const region = at(world.current.regions, world.below(3));
    const isolate = at(region.isolates, world.below(2));
    const amount = 1 + world.below(costMax);
    if (region.memory.holds.size >= callsMax) return;
    const reserved = world.steps.reserve(region.memory.account, amount);
    if (reserved.kind === "short") {
      checkpoint(world.steps, region, amount + world.below(costMax));
      if (freeOf(region.memory.account) < amount && world.below(3) === 0) world.reportToRoot(region, amount + world.below(4 * costMax));
      return;
    }
    region.memory.account = reserved.account;
    region.memory.holds.set(reserved.hold.seq, reserved.hold);
    world.send({ kind: "admitted", call: { isolate, node: region.memory, hold: reserved.hold, actual: -1 } });
  },
  endCall: (world: World) => {
    if (world.running.length === 0) return;
    const call = take(world.running, world.below(world.running.length));
    const { isolate, hold } = call;
    const isOverBilled = isolate.region.tree.hasDebts && world.below(50) === 0;
    world.end(call, world.below(hold.amount + 1) + (isOverBilled ? hold.amount : 0));
    if (call.node === isolate.pocket) return world.settleAt(call.node, hold.seq, call.actual);
    world.unsettled.push(call);
    if (world.unsettled.length > callsMax) take(world.unsettled, world.below(world.unsettled.length));
    world.send({ kind: "settle", call });
  },
  settleAgain: (world: World) => {
    const call = world.pick(world.unsettled);
    if (call !== null) world.send({ kind: "settle", call });
    if (call !== null && world.below(3) === 0) take(world.unsettled, world.unsettled.indexOf(call));
  },
  presume: (world: World) => {
    const { memory } = world.region();
    const hold = world.pick([...memory.holds.values()]);
    if (hold !== null) world.presumeAt(memory, hold);
  },
  giveBack: (world: World) => {
    const isolate = world.isolate();
    const { region, pocket } = isolate;
    pocket.account = world.steps.giveBack(pocket.account, world.below(costMax));
    region.memory.account = world.steps.giveBack(region.memory.account, world.below(costMax));
    region.node.account = world.steps.giveBack(region.node.account, world.below(costMax));
    world.reportToRegion(isolate, 0);
    world.reportToRoot(region, 0);
  },
  recall: (world: World) => world.recallSiblings(world.region()),
  checkpoint: (world: World) => checkpoint(world.steps, world.region(), world.below(2 * costMax)),
  closePocket: (world: World) => {
    const isolate = world.isolate();
    world.closePocket(isolate, (report) => world.send({ kind: "report-to-region", isolate, report }));
  },
  killIsolate: (world: World) => world.killIsolate(world.isolate()),
  writeOff: (world: World) => {
    const region = world.region();
    const living = new Set([region.memory.account.epoch, ...region.isolates.map(({ pocket }) => pocket.account.epoch)]);
    const dead = world.pick([...region.links.values()].filter(({ epoch }) => !living.has(epoch)));
    if (dead === null) return;
    // Only what cannot be under way any more is given up.
    if (world.running.some(({ hold, isolate }) => hold.epoch === dead.epoch && isolate.region === region)) return;
    region.node.account = world.steps.writeOff({ account: region.node.account, link: dead });
    region.links.delete(dead.epoch);
    forget(region, dead.epoch, outstandingOf(dead));
  },
  crashRegion: (world: World) => world.crashRegion(world.region()),
  crashRoot: (world: World) => {
    const { root, rootLinks } = world.tree();
    root.account = JSON.parse(JSON.stringify(root.account));
    for (const [index, link] of rootLinks.entries()) rootLinks[index] = JSON.parse(JSON.stringify(link));
  },
  deliver: (world: World) => {
    if (world.messages.length > 0) world.deliver(take(world.messages, world.below(world.messages.length)));
  },
  double: (world: World) => {
    const message = world.pick(world.messages);
    if (message !== null) world.deliver(message);
  },
  drop: (world: World) => {
    if (world.messages.length > 0) take(world.messages, world.below(world.messages.length));
  },
  raise: (world: World) => changeLimit(world, 1 + world.below(20)),
  lower: (world: World) => changeLimit(world, -1 - world.below(30)),
  roll: (world: World) => {
    if (world.below(2) === 0) return;
    world.draining.push(world.current);
    world.windows++;
    world.current = plantTree(world.steps, world.windows, 20 + world.below(230) * (1 + world.below(4)), world.current);
    const oldest = world.draining.length > 2 ? world.draining.shift() : undefined;
    if (oldest !== undefined) world.quiesce(oldest);
  },
};

function changeLimit(world: World, by: number): void {
  const tree = world.tree();
  const limit = Math.min(400, Math.max(0, tree.limit + by));
  tree.limitVersion++;
  const committed = tree.root.account.lent + tree.root.account.settled;
  tree.ceiling = Math.max(limit, Math.min(tree.ceiling, committed));
  tree.limit = limit;
  const { account } = tree.root;
  tree.root.account = world.steps.setLimit(account, limit, tree.limitVersion);
  // An older policy that comes late changes nothing.
  tree.root.account = world.steps.setLimit(tree.root.account, 1_000_000, tree.limitVersion - 1);
}

const weights: Readonly<Record<string, number>> = {
  reserveInPocket: 180,
  reserveInRegion: 140,
  endCall: 110,
  settleAgain: 15,
  presume: 12,
  giveBack: 6,
  recall: 4,
  checkpoint: 30,
  closePocket: 12,
  killIsolate: 2,
  writeOff: 4,
  crashRegion: 3,
  crashRoot: 3,
  deliver: 420,
  double: 25,
  drop: 30,
  raise: 4,
  lower: 4,
  roll: 1,
};

/**
 * Takes so many random steps in a tree of a root, three regions with their memories, and two isolates each, in which every
 * message may be lost, doubled, late and out of order and everybody may crash; after each step every invariant is checked.
 */
export function simulate(steps: number, seed: number, escrow: Escrow): Outcome {
  const wheel = Object.entries(actions).flatMap(([name, action]) => Array.from({ length: weights[name] ?? 0 }, () => ({ name, action })));
  const counts: Record<string, number> = {};
  const world = new World(escrow, seed);
  const done = (taken: number, violation: string | null): Outcome => ({
    steps: taken,
    violation,
    counts: { ...counts, admitted: world.admitted },
  });
  for (let step = 1; step <= steps; step++) {
    const { name, action } = at(wheel, world.below(wheel.length));
    counts[name] = (counts[name] ?? 0) + 1;
    try {
      action(world);
      if (step % 50 === 0) world.probe();
      checkTree(world.current);
      for (const tree of world.draining) checkTree(tree);
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      return done(step, error.message);
    }
  }
  return done(steps, null);
}
