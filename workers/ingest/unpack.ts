type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>;

/** Deflate unpacks to a thousand times its size. */
const sliceBytes = 4096;
/** The runtime's own readers give 4 kB at a time. */
const pieceBytes = 65_536;

/**
 * The bytes of a gzip member, piece by piece, holding little more than the reader has not taken yet. The runtime's own pipe
 * unpacks on while nobody reads, and a whole chunk at once, so it is fed a slice only when all before it were read.
 * Throws where the body is not one whole member.
 */
export async function* unpackGzip(body: Bytes): AsyncGenerator<Uint8Array, void> {
  const stream = new DecompressionStream("gzip");
  const writer = stream.writable.getWriter();
  const reader = stream.readable.getReader({ mode: "byob" });
  const slices = slicesOf(body);
  let isFed = false;
  const feed = async (): Promise<void> => {
    const slice = await slices.next();
    isFed = slice.done === true;
    await (slice.done === true ? writer.close() : writer.write(slice.value));
  };
  try {
    for (let wasFull = false; ;) {
      const next = watch(reader.read(new Uint8Array(pieceBytes)));
      // Behind a full piece there is probably more, which comes by itself; behind another one there is nothing yet.
      if (wasFull) await Promise.race([next.promise, new Promise((resolve) => setTimeout(resolve, 0))]);
      while (!next.isSettled() && !isFed) await feed();
      const { done, value } = await next.promise;
      if (done) return;
      wasFull = value.length === pieceBytes;
      yield value;
    }
  } finally {
    await slices.return();
    // What is left is of no interest, nor is why it cannot be had.
    await Promise.allSettled([reader.cancel(), writer.abort()]);
  }
}

async function* slicesOf(body: Bytes): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  for await (const chunk of body) {
    for (let start = 0; start < chunk.length; start += sliceBytes) yield chunk.subarray(start, start + sliceBytes);
  }
}

interface Watched<Value> {
  readonly promise: Promise<Value>;
  readonly isSettled: () => boolean;
}

function watch<Value>(promise: Promise<Value>): Watched<Value> {
  let isSettled = false;
  const settle = (): void => {
    isSettled = true;
  };
  promise.then(settle, settle);
  return { promise, isSettled: () => isSettled };
}
