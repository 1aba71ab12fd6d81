import type { Payload } from "../contracts/span.ts";

/** Where payloads live, by size in UTF-8 bytes. */
export const payloadLimits = {
  /** Up to here in the row itself. */
  inlineBytesMax: 64 * 1024,
  /** Up to here through the buffer; larger ones are written to the bucket by the edge. */
  bufferedBytesMax: 512 * 1024,
} as const;

/** Bytes of a text in UTF-8, without encoding it; a lone surrogate counts as the three bytes that replace it. */
export function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    const pair = unit >= 0xd800 && unit <= 0xdbff && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00;
    // A pair is two units and four bytes.
    bytes += unit < 0x800 ? 1 : 2;
    if (pair) index += 1;
  }
  return bytes;
}

/** Whether an inline payload is larger than `bytesMax`, and must move to the bucket. */
export function isLargerThan(payload: Payload, bytesMax: number): payload is Extract<Payload, { kind: "inline" }> {
  if (payload.kind !== "inline" || payload.text.length * 3 <= bytesMax) return false;
  return payload.text.length > bytesMax || utf8Bytes(payload.text) > bytesMax;
}

/** `payloads/<project>/<sha256>`. */
export function formatPayloadKey(projectId: string, sha256: string): string {
  return `payloads/${projectId}/${sha256}`;
}
