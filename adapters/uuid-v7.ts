/** A UUIDv7 (RFC 9562): 48 bits of epoch milliseconds, then the random bits of a version 4. */
export function uuidV7(atMs: number): string {
  const time = Math.floor(atMs).toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${crypto.randomUUID().slice(15)}`;
}
