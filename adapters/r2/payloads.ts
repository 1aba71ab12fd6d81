import { sha256Schema, type ProjectId, type Sha256 } from "#core/contracts/id.ts";
import type { Region } from "#core/contracts/region.ts";
import type { Payload, Span } from "#core/contracts/span.ts";
import { formatPayloadKey, isLargerThan } from "#core/ingest/payload-place.ts";
import { previewOf } from "#core/ingest/preview.ts";
import { toHex } from "../bytes.ts";
import { bucketOf, type Buckets } from "./buckets.ts";
import { createObject } from "./create-object.ts";

async function sha256Of(bytes: Uint8Array): Promise<Sha256> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return sha256Schema.parse(toHex(digest));
}

/** Retention deletes nothing younger than a day, nor while a region is more than an hour behind. */
const refreshAfterMs = 12 * 3_600_000;

async function isOlderThan(bucket: R2Bucket, key: string, ageMs: number): Promise<boolean> {
  const object = await bucket.head(key);
  return object === null || object.uploaded.getTime() + ageMs < Date.now();
}

type Inline = Extract<Payload, { kind: "inline" }>;
type Reference = Extract<Payload, { kind: "reference" }>;

/** Writes a payload to its project's place in the region's bucket, by content. Throws what the bucket throws. */
async function storePayload(bucket: R2Bucket, projectId: ProjectId, payload: Inline): Promise<Reference> {
  const bytes = new TextEncoder().encode(payload.text);
  const sha256 = await sha256Of(bytes);
  const key = formatPayloadKey(projectId, sha256);
  // One that was written long ago may be about to go with the spans of that day: written anew, it is as young as this span.
  if (
    (await createObject(bucket, key, bytes, { mediaType: payload.mediaType })) === "exists" &&
    (await isOlderThan(bucket, key, refreshAfterMs))
  )
    await bucket.put(key, bytes, { httpMetadata: { contentType: payload.mediaType } });
  return { kind: "reference", mediaType: payload.mediaType, sha256, bytes: bytes.length, preview: previewOf(payload) };
}

/**
 * The span with every payload larger than `bytesMax` moved to the bucket of its home region, and a reference
 * in its stead. Throws what the bucket throws; nothing is lost then, and the same call may be made again.
 */
export async function movePayloads(env: Buckets, span: Span, bytesMax: number): Promise<Span> {
  const bucket = bucketOf(env, span.homeRegion);
  const { input, output } = span;
  return {
    ...span,
    input: isLargerThan(input, bytesMax) ? await storePayload(bucket, span.projectId, input) : input,
    output: isLargerThan(output, bytesMax) ? await storePayload(bucket, span.projectId, output) : output,
  };
}

/** A payload of a project; `null` where there is none of that hash. Throws what the bucket throws. */
export async function readPayload(
  env: Buckets,
  region: Region,
  projectId: ProjectId,
  sha256: Sha256,
): Promise<{ mediaType: string; text: string } | null> {
  const object = await bucketOf(env, region).get(formatPayloadKey(projectId, sha256));
  if (object === null) return null;
  return { mediaType: object.httpMetadata?.contentType ?? "application/octet-stream", text: await object.text() };
}
