import type { StoragePolicy } from "#core/contracts/policy.ts";
import type { Score } from "#core/contracts/score.ts";
import { encodeFrame } from "#core/ingest/frame.ts";
import { applyStoragePolicyToScore } from "#core/ingest/storage-policy.ts";

/** A score as one frame, of which no more is left than its project keeps. */
export function encodeScore(score: Score, policy: StoragePolicy): Uint8Array {
  return encodeFrame(JSON.stringify(applyStoragePolicyToScore(score, policy)));
}
