import type { Score } from "#core/contracts/score.ts";
import { encodeFrame } from "#core/ingest/frame.ts";

/** A score as one frame. */
export function encodeScore(score: Score): Uint8Array {
  return encodeFrame(JSON.stringify(score));
}
