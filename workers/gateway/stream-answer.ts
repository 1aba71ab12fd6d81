import { log } from "#adapters/log.ts";
import { failure } from "#core/contracts/error.ts";
import type { StreamStep } from "#core/dialects/answer-stream.ts";
import { patienceMs, type TargetedCall } from "./call.ts";
import { endStream } from "./end-stream.ts";
import { failed, type Failed } from "./fail-call.ts";
import { KeepAlive } from "./keep-alive.ts";
import { PassingStream } from "./passing-stream.ts";
import { answerHeaders, idsOf } from "./responses.ts";

/**
 * Answers a streaming call. The first event is waited for before the headers go out, so that a provider that fails
 * before it can still be told by a status.
 */
export async function streamAnswer(
  call: TargetedCall,
  response: Response,
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<Response | Failed> {
  const stream = new PassingStream(call, reader);
  let first = await stream.next();
  const held: Uint8Array[] = [];
  while (first.end === "open" && stream.firstDataAtMs === null) {
    if (first.bytes !== null) held.push(first.bytes);
    first = await stream.next();
  }
  if (first.bytes !== null) held.push(first.bytes);
  if (typeof first.end === "object") {
    await stream.letGo();
    return failed(call, first.end, { upstreamStatus: response.status });
  }
  const { readable, writable } = new IdentityTransformStream();
  call.context.waitUntil(pump(call, stream, response.status, writable.getWriter(), held, first.end));
  const headers = answerHeaders(idsOf(call, call.target), response.headers);
  headers["cache-control"] = "no-cache";
  return new Response(readable, { status: response.status, headers });
}

/** Reads a stream to its end for its record alone; the call's timers bound it. */
async function drain(stream: PassingStream): Promise<void> {
  for (let { end } = await stream.next(); end === "open"; { end } = await stream.next());
}

/**
 * So far a slow client may lag behind a stream that reserves as its answer comes: what is not read is not known, and a provider goes
 * on writing into what lies between.
 */
const lagBytesMax = 4 * 1024 * 1024;

const tookNothing = "The client took nothing of the answer until the call's time was up.";

/**
 * Passes the stream on until it ends, one way or another, and sees to its record. A slow client slows the provider;
 * one that takes nothing while a timer runs out is given up.
 */
async function pump(
  call: TargetedCall,
  stream: PassingStream,
  status: number,
  writer: WritableStreamDefaultWriter<Uint8Array>,
  held: readonly Uint8Array[],
  firstEnd: "open" | "done",
): Promise<void> {
  let end: StreamStep["end"] = firstEnd;
  let isWriting = false;
  const onGone = (): void => {
    call.deadline.clientClosed(patienceMs(call), Date.now());
  };
  const keepAlive = new KeepAlive(writer, onGone);
  let lagBytes = 0;
  const write = async (bytes: Uint8Array): Promise<void> => {
    isWriting = true;
    if (stream.answer.cutting === null) {
      await writer.write(bytes);
      isWriting = false;
      return;
    }
    lagBytes += bytes.length;
    const written = writer.write(bytes).then(() => {
      lagBytes -= bytes.length;
      isWriting = lagBytes > 0;
    });
    if (lagBytes > lagBytesMax) await written;
    // Nothing else may tell of a client that has gone: nobody waits for the write.
    else void written.catch(onGone);
  };
  call.deadline.onStop(() => {
    // Nothing else ends a write that nobody takes.
    if (isWriting) void writer.abort().catch(() => undefined);
    void stream.letGo();
  });
  try {
    for (const bytes of held) await write(bytes);
    while (end === "open") {
      const step = await stream.next();
      end = step.end;
      if (step.bytes === null) continue;
      keepAlive.touch();
      await write(step.bytes);
    }
    // Of an answer that was read on for its cost alone, the end mark reaches nobody.
    if (end === "done" && call.signal.aborted) end = failure("client_closed");
  } catch {
    end = call.deadline.failure?.code === "upstream_timeout" ? failure("client_closed", tookNothing) : failure("client_closed");
    if (call.identity.snapshot.onDisconnect === "drain") await drain(stream);
  }
  keepAlive.stop();
  try {
    await endStream(call, stream, status, writer, end);
  } catch (error) {
    // An answer of which something went wrong at the end must not look whole, nor stay open.
    log("request_failed", { error });
    call.limits?.settleUnknown();
    call.releaseBody();
    await writer.abort(error).catch(() => undefined);
  }
}
