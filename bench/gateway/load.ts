// A process of its own: the load generator. Closed loop: each connection sends its next call when the last is whole, and no sooner than it is told.
import { answerParent, tellParent } from "../processes/child.ts";
import { nowMicroseconds } from "../wire/monotonic.ts";
import { LoadConnection, type CallEnd } from "./load-connection.ts";
import { loadOrderSchema, type LoadOrder, type LoadResult } from "./load-order.ts";
import { pacedStreamMs } from "./workloads.ts";

async function runLoad(order: LoadOrder): Promise<LoadResult> {
  const startUs = nowMicroseconds();
  const fromUs = startUs + order.leadInMs * 1000;
  const untilUs = fromUs + order.measureMs * 1000;
  const latencies: number[] = [];
  const lags: number[] = [];
  const errors: Record<string, number> = {};
  let callsTotal = 0;
  let calls = 0;

  const onEnd = (end: CallEnd): void => {
    if (end.kind === "failed") {
      errors[end.reason] = (errors[end.reason] ?? 0) + 1;
      return;
    }
    callsTotal += 1;
    const insideUs = Math.min(end.endedUs, untilUs) - Math.max(end.startedUs, fromUs);
    if (insideUs > 0) calls += insideUs / (end.endedUs - end.startedUs);
    if (end.endedUs >= fromUs && end.endedUs < untilUs) latencies.push(end.endedUs - end.startedUs);
  };
  const onEvent = (sentUs: number, arrivedUs: number): void => {
    if (arrivedUs >= fromUs && arrivedUs < untilUs) lags.push(arrivedUs - sentUs);
  };

  const connections = Array.from({ length: order.connections }, () => new LoadConnection(order, onEnd, onEvent));
  await Promise.all(
    connections.map(async (connection, index) => {
      // Spread over a stream's length: clients do not begin in step, and the lag of events is asked for, not that of a rush of calls.
      const spreadMs = order.workload === "paced" ? pacedStreamMs : order.everyMs;
      if (spreadMs > 0) await new Promise((resolve) => setTimeout(resolve, (index * spreadMs) / order.connections));
      await connection.run(untilUs);
    }),
  );
  return {
    calls,
    windowMs: order.measureMs,
    callsTotal,
    errors,
    latenciesUs: Float64Array.from(latencies),
    lagsUs: Float64Array.from(lags),
  };
}

answerParent(async (value) => await runLoad(loadOrderSchema.parse(value)));
tellParent({ kind: "ready", url: "" });
