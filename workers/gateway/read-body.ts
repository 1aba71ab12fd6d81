import { joinBytes } from "#core/bytes.ts";
import { failure, type Failure } from "#core/contracts/error.ts";

/** The largest request body. */
export const requestBytesMax = 32 * 1024 * 1024;

/** A larger one is read to its end and forgotten, up to here. */
const discardedBytesMax = 64 * 1024 * 1024;
const discardedWithinMs = 5_000;

/** An isolate has 128 MB, and a body stands in it as bytes, as text and parsed. */
const bytesInFlightMax = 40 * 1024 * 1024;
let bytesInFlight = 0;

/** A body that counts against the isolate's memory until it is released. */
export interface ReceivedBody {
  readonly kind: "received";
  readonly text: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly release: () => void;
}

const tooLarge = (): Failure => failure("request_too_large", `The request body is larger than ${requestBytesMax} bytes (32 MB).`);

/** Reads a request's whole body as UTF-8. Memory is claimed before it is read, and released by the caller. */
export async function receiveBody(request: Request, declaredLength: string | undefined): Promise<ReceivedBody | Failure> {
  const declared = Number(declaredLength ?? Number.NaN);
  if (declared > requestBytesMax) {
    // A client that is still sending would see a broken connection, and not the answer.
    if (declared <= discardedBytesMax) await discard(request);
    return tooLarge();
  }
  const claim = Number.isNaN(declared) ? requestBytesMax : declared;
  if (bytesInFlight > 0 && bytesInFlight + claim > bytesInFlightMax)
    return failure("overloaded", "Too many large requests are in flight. Try again shortly.");
  bytesInFlight += claim;
  let isHeld = true;
  const release = (): void => {
    if (isHeld) bytesInFlight -= claim;
    isHeld = false;
  };
  const bytes = await readAll(request, declared).catch(() => null);
  const text = bytes === null ? null : decode(bytes);
  if (bytes !== null && bytes !== "too-large" && text !== null) return { kind: "received", text, bytes, release };
  release();
  if (bytes === "too-large") return tooLarge();
  return bytes === null ? failure("client_closed") : failure("invalid_json", "The request body is not valid UTF-8.");
}

async function discard(request: Request): Promise<void> {
  await request.body?.pipeTo(new WritableStream(), { signal: AbortSignal.timeout(discardedWithinMs) }).catch(() => undefined);
}

async function readAll(request: Request, declared: number): Promise<Uint8Array<ArrayBuffer> | "too-large"> {
  if (!Number.isNaN(declared)) return new Uint8Array(await request.arrayBuffer());
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = request.body?.getReader();
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > requestBytesMax) {
      reader.releaseLock();
      await discard(request);
      return "too-large";
    }
    chunks.push(value);
  }
  return joinBytes(chunks);
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decode(bytes: Uint8Array | "too-large"): string | null {
  if (bytes === "too-large") return null;
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}
