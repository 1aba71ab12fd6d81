import type { Failure } from "#core/contracts/error.ts";
import { errorEvent } from "#core/dialects/error-body.ts";
import { shapeDialects } from "#core/gateway/request-body.ts";
import { formatUsd } from "#core/gateway/usd.ts";
import type { TargetedCall } from "./call.ts";
import { priceCall, recordCall } from "./record-call.ts";
import type { PassingStream } from "./passing-stream.ts";

/**
 * Records a stream and gives the client its last bytes: the cost and the end mark after a whole answer, the end of one that has
 * reached its cap where a budget had nothing left for more, an error event and no end mark after any other, so that it never looks whole. The record comes first: it is what counts,
 * and under `durable` the end mark waits for it.
 */
export async function endStream(
  call: TargetedCall,
  stream: PassingStream,
  status: number,
  writer: WritableStreamDefaultWriter<Uint8Array>,
  end: "done" | Failure,
): Promise<void> {
  const fault = end === "done" ? null : end;
  const endedAtMs = Date.now();
  const facts = stream.answer.facts();
  const cost = priceCall(call, facts, endedAtMs);
  const recording = recordCall(call, call.body, call.target, {
    endedAtMs,
    failure: fault,
    httpStatus: fault?.code === "client_closed" ? 499 : status,
    upstreamStatus: status,
    ttftMs: stream.firstDataAtMs === null ? null : stream.firstDataAtMs - call.identity.startedAtMs,
    upstreamMs: call.upstreamWait.elapsedMs,
    facts,
    cost,
    output: stream.output,
  });
  if (fault !== null) await stream.letGo();
  const unsafe = await recording;
  const told = fault ?? unsafe;
  const last =
    told === null
      ? `: x-evalforge-cost-usd ${cost === null ? "unknown" : formatUsd(cost.totalNanoUsd)}\n\n${stream.answer.endText()}`
      : told.code === "budget_exceeded" && stream.answer.cutting !== null
        ? `: x-evalforge-cut ${told.message.replaceAll(/\s+/g, " ")}\n\n${stream.answer.cutting.cut()}`
        : errorEvent(shapeDialects[call.identity.shape], told);
  // A client that has gone is past being told.
  await writer.write(new TextEncoder().encode(last)).catch(() => undefined);
  await writer.close().catch(() => undefined);
  if (fault === null) await stream.finish();
}
