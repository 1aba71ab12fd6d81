import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { startChild, type Child } from "../processes/parent.ts";
import { treeUsage, type TreeUsage } from "../processes/process-tree.ts";
import { untilRecorded } from "./record-count.ts";
import { loadResultSchema, type LoadResult } from "./load-order.ts";
import { drainPatienceMs, type Cell } from "./plan.ts";
import { targetDetailsSchema, type TargetDetails } from "./target.ts";
import type { TargetName } from "./targets/table.ts";
import { requestBody } from "./workloads.ts";

/** One load on one target, with what the target used for it until nothing of it was left to do. */
export interface Measurement extends LoadResult {
  readonly usage: TreeUsage;
  /** From the end of the load until every record was in the store; `null` where nothing is recorded. */
  readonly drainedMs: number | null;
}

/** What a target was sent over its life, and what its store has of it. */
export interface Drained {
  readonly calls: number;
  readonly callsFailed: number;
  readonly rows: number;
  readonly waitedMs: number;
}

/** A target that runs, and all that the benchmark has sent to it. */
export class BenchTarget {
  readonly name: TargetName;
  readonly clickhouseUrl: string | null;
  private readonly child: Child;
  private readonly details: TargetDetails;
  private callsAnswered = 0;
  private callsFailed = 0;

  private constructor(name: TargetName, child: Child) {
    this.name = name;
    this.child = child;
    this.details = targetDetailsSchema.parse(child.details);
    this.clickhouseUrl = this.details.clickhouseUrl;
  }

  /**
   * Starts a target in a process of its own; its data and output go to `directory`.
   * Throws with the last lines of its output where it does not come up.
   */
  static async start(name: TargetName, upstreamUrl: string, directory: string): Promise<BenchTarget> {
    await mkdir(directory);
    const script = new URL("./target-process.ts", import.meta.url);
    const child = await startChild(script, [name, upstreamUrl, join(directory, "data")], join(directory, "output.log"));
    return new BenchTarget(name, child);
  }

  /** Loads the target and waits until its records are stored, so that no work of this load falls into the next one's time. */
  async measure(generator: Child, cell: Cell, leadInMs: number, measureMs: number): Promise<Measurement> {
    const before = treeUsage(this.details.pid);
    const result = await this.load(generator, cell, leadInMs, measureMs);
    const drainedMs = this.clickhouseUrl === null ? null : (await this.untilDrained(this.clickhouseUrl)).waitedMs;
    const after = treeUsage(this.details.pid);
    return { ...result, drainedMs, usage: usedBetween(before, after) };
  }

  /** Only the load. */
  async load(generator: Child, cell: Cell, leadInMs: number, measureMs: number): Promise<LoadResult> {
    const { headers, model } = this.details;
    const body = requestBody(cell.workload, model);
    const url = `${this.child.url}/v1/chat/completions`;
    const order = { url, headers, body, ...cell, leadInMs, measureMs };
    const result = loadResultSchema.parse(await generator.ask(order));
    this.callsAnswered += result.callsTotal;
    this.callsFailed += Object.values(result.errors).reduce((sum, count) => sum + count, 0);
    return result;
  }

  /**
   * Waits until as many rows are stored as calls were answered; the store was empty at the start. Throws where they
   * do not come: what is lost once makes every later count wrong.
   */
  async untilDrained(clickhouseUrl: string): Promise<Drained> {
    const { rows, waitedMs } = await untilRecorded(clickhouseUrl, this.callsAnswered, drainPatienceMs);
    if (rows < this.callsAnswered)
      throw new Error(`${this.callsAnswered} calls answered, ${rows} of them recorded ${drainPatienceMs / 1000} s later`);
    return { calls: this.callsAnswered, callsFailed: this.callsFailed, rows, waitedMs };
  }

  async stop(): Promise<void> {
    await this.child.stop();
  }
}

function usedBetween(before: TreeUsage, after: TreeUsage): TreeUsage {
  return {
    cpuMs: after.cpuMs - before.cpuMs,
    rssBytes: after.rssBytes,
    workerd: { cpuMs: after.workerd.cpuMs - before.workerd.cpuMs, rssBytes: after.workerd.rssBytes },
  };
}
