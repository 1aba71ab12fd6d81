export async function gzip(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return await through(new CompressionStream("gzip"), bytes);
}

/** Rejects where the bytes are not one whole gzip member. */
export async function gunzip(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return await through(new DecompressionStream("gzip"), bytes);
}

async function through(stream: CompressionStream | DecompressionStream, bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const writer = stream.writable.getWriter();
  const writing = writer.write(bytes).then(() => writer.close());
  const [out] = await Promise.all([new Response(stream.readable).arrayBuffer(), writing]);
  return new Uint8Array(out);
}
