import * as z from "zod";
import { keySnapshotSchema } from "../contracts/key-snapshot.ts";
import { isSpanId, isTraceId, keyIdSchema, organizationIdSchema, projectIdSchema, type SpanId, type TraceId } from "../contracts/id.ts";
import { regionSchema } from "../contracts/region.ts";

/** Above the versions of spans, so that readers that know no batches hold one back as they do a span of a later version. */
export const batchSchemaVersion = 3;

/**
 * What spans of clients may say today. It rises when the schema takes what it did not before: a reader that is older than a
 * batch then waits for newer code where an item is nothing to it, instead of giving it up.
 */
export const batchContract = 1;

/**
 * What a batch of spans says of all of them. It is a frame of its own; the frame after it is the body as it came in,
 * under gzip. So the edge makes nothing of the spans: it only looks whether they are right.
 */
export const batchHeaderSchema = z.object({
  schemaVersion: z.literal(batchSchemaVersion),
  contract: z.int(),
  /** Also the id of its append; ids that its spans leave out follow from it. */
  batchId: z.uuid(),
  spans: z.int().positive(),
  /** When it came in: what its spans cost is what they cost then. */
  receivedAtMs: z.number(),
  organizationId: organizationIdSchema,
  projectId: projectIdSchema,
  keyId: keyIdSchema,
  homeRegion: regionSchema,
  servingRegion: regionSchema,
  client: z.string(),
  /** As the key's snapshot had them. */
  priceOverrides: keySnapshotSchema.shape.priceOverrides,
});
export type BatchHeader = z.infer<typeof batchHeaderSchema>;

/** A frame's value as the header of a batch; `null`: it is something else. */
export function asBatchHeader(value: unknown): BatchHeader | null {
  if (typeof value !== "object" || value === null || !("batchId" in value)) return null;
  const header = batchHeaderSchema.safeParse(value);
  return header.success ? header.data : null;
}

/** Places of a body's item, and what each of the words of its ids is mixed with. */
const traceWords = [0x9e3779b9, 0x7f4a7c15, 0xf39cc060, 0x5cedc834] as const;
const spanWords = [0x2545f491, 0x4f6cdd1d] as const;

/**
 * The ids of the item that stands at `index` of a batch, for where it has none. They follow from the batch alone, so that a
 * batch that is read again gives the same spans; of one batch no two are equal, since each word is a permutation of the index.
 */
export function derivedIds(batchId: string, index: number): { readonly traceId: TraceId; readonly spanId: SpanId } {
  const digits = batchId.replaceAll("-", "");
  const word = (salt: number, at: number): string =>
    mix(Number.parseInt(digits.slice(at * 8, at * 8 + 8), 16) ^ mix(index ^ salt))
      .toString(16)
      .padStart(8, "0");
  const traceId = traceWords.map((salt, at) => word(salt, at)).join("");
  const spanId = spanWords.map((salt, at) => word(salt, at + 1)).join("");
  if (!isTraceId(traceId) || !isSpanId(spanId)) throw new Error("an id of zeros");
  return { traceId, spanId };
}

/** A permutation of 32-bit words in which each bit depends on all (MurmurHash3's finaliser). */
function mix(word: number): number {
  let mixed = word >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
