import { toHex } from "#core/bytes.ts";
import { scoreIdSchema, type ScoreId } from "#core/contracts/score.ts";

/** A UUID that follows from a text: version 8 (RFC 9562) of the first bits of its SHA-256. */
export async function scoreIdOf(source: string): Promise<ScoreId> {
  const hex = toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(source))));
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return scoreIdSchema.parse(
    `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`,
  );
}
