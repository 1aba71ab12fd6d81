/** Node takes a body that streams only with this said. */
const streaming = { duplex: "half" } as const;

/**
 * A request that tells when its body of bytes has gone out, or is wanted no more. The runtime writes what the socket takes,
 * then waits for its turn: an isolate that computes meanwhile draws 4 MB out to a hundred milliseconds.
 * workerd asks for more where the piece before has been written; Node reads ahead, and so tells too early.
 */
export function tellingWhenSent(init: RequestInit | undefined, onSent: (() => void) | undefined): RequestInit {
  const bytes = init?.body;
  if (!(bytes instanceof Uint8Array)) throw new Error("only a body of bytes tells when it has gone out");
  let isGiven = false;
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        if (isGiven) {
          controller.close();
          onSent?.();
        } else {
          isGiven = true;
          controller.enqueue(bytes);
        }
      },
      cancel: () => onSent?.(),
    },
    { highWaterMark: 0 },
  );
  return { ...init, ...streaming, body };
}
