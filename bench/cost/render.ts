import { markdownTable } from "../markdown-table.ts";
import { operations, prices, usdOf } from "./prices.ts";
import type { CostReport } from "./run-cost.ts";

const usdMax = 1.5;

/** Whether a busy gateway's calls cost so little; alone in its second, a call shares nothing with others. */
export function costReached({ figures }: CostReport): boolean {
  return figures.every(({ load, perMillion }) => load.kind !== "calls" || load.requestsPerSecond < 50 || usdOf(perMillion) <= usdMax);
}

/** The section of `docs/benchmarks.md`. */
export function renderCost({ figures, cpuMsOfCall }: CostReport): string {
  const rows = operations.map((operation) => [
    prices[operation].title,
    `${prices[operation].usd} $ / ${prices[operation].per / 1e6} M`,
    ...figures.map(({ perMillion }) => {
      const usd = (perMillion[operation] * prices[operation].usd) / prices[operation].per;
      return `${(perMillion[operation] / 1e6).toFixed(3)} M, ${usd.toFixed(3)} $`;
    }),
  ]);
  const totals = ["**together**", "", ...figures.map(({ perMillion }) => `**${usdOf(perMillion).toFixed(2)} $**`)];
  const cpu = cpuMsOfCall.map(({ callsPerSecond, ms }) => `${ms.toFixed(2)} ms at ${callsPerSecond} calls/s`).join(", ");
  return [
    "## Cost",
    "",
    "Written by `npm run bench -- cost --write-docs`.",
    "",
    `**Method.** For a million calls or events, at Cloudflare's list prices (\`bench/cost/prices.ts\`); what a plan includes is not taken off, and what the other stores cost is not in it. *Counted*, on the local runtime, with the recorder, the buffer and the consumer as they are in one Worker whose bindings count: requests of the Durable Object (appends, acknowledgements, alarms), rows that its cursors say were written and read and a row for each alarm that is set, R2 operations, messages, and the consumer's invocations. *Measured*: how long the object was at work (R2 is nearer here than in production), and CPU, as that of all workerds of the whole system beyond what they use idle (${cpu}; the greater counts); that includes Miniflare's own Workers and the object, and stands for events too, which cost less. *Derived*: one Worker request a call or batch, and three queue operations a message. The cron runs once a minute. The goal is ${usdMax} $ a million calls, at 50 calls a second and above in one region; alone in its second, a call shares its object, its message and its append with nobody. All calls go through one isolate here; where n share the traffic of a region, each has 1/n of the rate, and its appends are shared by as many fewer: at worst an append a call (a request of the object and two rows, 2.15 $ a million).`,
    "",
    markdownTable(["for a million", "price", ...figures.map(({ load }) => load.title)], [...rows, totals]),
    "",
  ].join("\n");
}
