import { joinBytes } from "#core/bytes.ts";
import { failure, type Failure } from "#core/contracts/error.ts";
import type { TargetedCall } from "./call.ts";

/** The largest plain answer: more would not leave room for the isolate's other calls. */
const answerBytesMax = 64 * 1024 * 1024;

export type Answer = { readonly kind: "answer"; readonly bytes: Uint8Array<ArrayBuffer>; readonly text: string } | Failure;

/** So small an answer comes in one piece: it is read as one, and the idle timer holds for all of it. */
const onePieceBytesMax = 256 * 1024;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads a whole answer under the call's timers. An answer that is not UTF-8, or that was cut, is a failure. */
export async function readAnswer(call: TargetedCall, response: Response): Promise<Answer> {
  call.deadline.touch(Date.now());
  let bytes: Uint8Array<ArrayBuffer> | "too-large" | "stopped";
  try {
    const isOnePiece = Number(response.headers.get("content-length") ?? Number.NaN) <= onePieceBytesMax;
    bytes = isOnePiece ? await readOnePiece(call, response) : await readChunks(call, response);
  } catch {
    return call.deadline.failure ?? failure("upstream_cut");
  }
  // A read that our own timer ended can look like the end of the answer.
  const interrupted = call.deadline.failure;
  if (interrupted !== null || bytes === "stopped") return interrupted ?? failure("upstream_timeout");
  if (bytes === "too-large") return failure("upstream_invalid_response", `The provider's answer is larger than ${answerBytesMax} bytes.`);
  try {
    return { kind: "answer", bytes, text: decoder.decode(bytes) };
  } catch {
    return failure("upstream_invalid_response", "The provider's answer is not valid UTF-8.");
  }
}

async function readOnePiece(call: TargetedCall, response: Response): Promise<Uint8Array<ArrayBuffer> | "stopped"> {
  const buffer = await call.upstreamWait.time(call.deadline.limit(response.arrayBuffer()));
  return buffer === "stopped" ? buffer : new Uint8Array(buffer);
}

async function readChunks(call: TargetedCall, response: Response): Promise<Uint8Array<ArrayBuffer> | "too-large"> {
  const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = response.body?.getReader();
  call.deadline.onStop(() => {
    void reader?.cancel().catch(() => undefined);
  });
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (reader !== undefined) {
    const { done, value } = await call.upstreamWait.time(reader.read());
    if (done) break;
    call.deadline.touch(Date.now());
    length += value.length;
    chunks.push(value);
    if (length > answerBytesMax) {
      await reader.cancel();
      return "too-large";
    }
  }
  return joinBytes(chunks);
}
