/** What a new object carries besides its bytes. */
interface Description {
  readonly mediaType: string;
  /** When its events were acknowledged, where it holds events; epoch milliseconds. */
  readonly receivedAtMs?: number;
  /** What a list of objects is to show of it. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Writes an object that must never be overwritten. `exists`: one of this key was there already, and stays;
 * keys are made so that it then holds the same. Throws what the bucket throws.
 */
export async function createObject(
  bucket: R2Bucket,
  key: string,
  bytes: Uint8Array | string,
  { mediaType, receivedAtMs, metadata }: Description,
): Promise<"created" | "exists"> {
  const written = await bucket.put(key, bytes, {
    onlyIf: { etagDoesNotMatch: "*" },
    httpMetadata: { contentType: mediaType },
    customMetadata: { ...metadata, ...(receivedAtMs === undefined ? {} : { receivedAtMs: String(receivedAtMs) }) },
  });
  return written === null ? "exists" : "created";
}
