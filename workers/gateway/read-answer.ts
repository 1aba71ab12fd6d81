import { failure, type Failure } from "#core/contracts/error.ts";
import type { TargetedCall } from "./call.ts";
import { interruption } from "./open-upstream.ts";

/** The largest plain answer: more would not leave room for the isolate's other calls. */
const answerBytesMax = 64 * 1024 * 1024;

export type Answer = { readonly kind: "answer"; readonly bytes: Uint8Array<ArrayBuffer>; readonly text: string } | Failure;

/** Reads a whole answer under the call's timers. An answer that is not UTF-8, or that was cut, is a failure. */
export async function readAnswer(call: TargetedCall, response: Response): Promise<Answer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    const reader = response.body?.getReader();
    for (;;) {
      const next = await call.upstreamWait.time(reader?.read() ?? Promise.resolve({ done: true as const, value: undefined }));
      if (next.done) break;
      call.deadline.touch(Date.now());
      length += next.value.length;
      chunks.push(next.value);
      if (length > answerBytesMax) {
        await reader?.cancel();
        return failure("upstream_invalid_response", `The provider's answer is larger than ${answerBytesMax} bytes.`);
      }
    }
  } catch {
    return interruption(call) ?? failure("upstream_cut");
  }
  // A read that our own timer ended can look like the end of the answer.
  const interrupted = interruption(call);
  if (interrupted !== null) return interrupted;
  const bytes = joined(chunks, length);
  try {
    return { kind: "answer", bytes, text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return failure("upstream_invalid_response", "The provider's answer is not valid UTF-8.");
  }
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
