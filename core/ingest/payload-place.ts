import { utf8Bytes } from "../bytes.ts";
import type { Payload } from "../contracts/span.ts";

/** Where payloads live, by size in UTF-8 bytes. */
export const payloadLimits = {
  /** Up to here in the row itself. */
  inlineBytesMax: 64 * 1024,
  /** Up to here through the buffer; larger ones are written to the bucket by the edge. */
  bufferedBytesMax: 512 * 1024,
} as const;

/** Whether an inline payload is larger than `bytesMax`, and must move to the bucket. */
export function isLargerThan(payload: Payload, bytesMax: number): payload is Extract<Payload, { kind: "inline" }> {
  if (payload.kind !== "inline" || payload.text.length * 3 <= bytesMax) return false;
  return payload.text.length > bytesMax || utf8Bytes(payload.text) > bytesMax;
}

/** `payloads/<project>/<sha256>`. */
export function formatPayloadKey(projectId: string, sha256: string): string {
  return `payloads/${projectId}/${sha256}`;
}
