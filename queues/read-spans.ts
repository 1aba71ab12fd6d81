import * as z from "zod";
import { unpackFrames } from "#adapters/recorder/packets.ts";
import { freeBytes } from "#core/bytes.ts";
import type { Region } from "#core/contracts/region.ts";
import { isScoreRecord, scoreSchema, type Score } from "#core/contracts/score.ts";
import { spanSchema, spanSchemaVersion, type Span } from "#core/contracts/span.ts";
import { guardOf } from "#core/guard.ts";
import { enrich } from "#core/ingest/enrich.ts";
import { breathe } from "./breathe.ts";
import { readBatch } from "./read-batch.ts";

/** An event that cannot be stored, with what is left of it. */
export interface BadEvent {
  readonly index: number;
  readonly reason: string;
  readonly text: string;
}

/** A span, and which event of its object it is. */
export interface ReadSpan {
  readonly index: number;
  readonly span: Span;
}

/** A score, and which event of its object it is. */
export interface ReadScore {
  readonly index: number;
  readonly score: Score;
}

/** `newer`: some record was written by newer code, which alone knows what it says; all of the object waits for that. */
export type ReadObject =
  | { readonly kind: "read"; readonly spans: readonly ReadSpan[]; readonly scores: readonly ReadScore[]; readonly bad: readonly BadEvent[] }
  | { readonly kind: "newer"; readonly schemaVersion: number };

const spanGuard = guardOf(spanSchema);

function parseSpan(value: unknown): z.ZodSafeParseResult<Span> {
  return spanGuard.takes(value) ? { success: true, data: value } : spanSchema.safeParse(value);
}

const versionSchema = z.object({ schemaVersion: z.int().gt(spanSchemaVersion) });

/** The spans and scores of an object's frames, as the stores take them; those that are none stand apart, each with its reason. */
export async function readSpans(frames: Uint8Array, region: Region): Promise<ReadObject> {
  const spans: ReadSpan[] = [];
  const scores: ReadScore[] = [];
  const bad: BadEvent[] = [];
  const foreign = (index: number, homeRegion: Region): void => {
    // Its payload may be stored in its own region only, so it must not go on from here, nor be written beside it.
    bad.push({ index, reason: `homeRegion: is ${homeRegion}, the object is of ${region}`, text: "" });
  };
  for (const frame of unpackFrames(frames)) {
    await breathe(frame.index);
    if (frame.kind === "batch") {
      const { header, index: first } = frame;
      const items = header.homeRegion === region ? await readBatch(header, frame.body) : Array.from({ length: header.spans }, () => null);
      if (frame.body !== null) freeBytes(frame.body);
      for (const [place, item] of items.entries()) {
        if (item === null) foreign(first + place, header.homeRegion);
        else if (item.kind === "newer") return { kind: "newer", schemaVersion: header.schemaVersion };
        else if (item.kind === "bad") bad.push({ index: first + place, reason: item.reason, text: item.text });
        else spans.push({ index: first + place, span: enrich(item.span) });
      }
      continue;
    }
    if (frame.kind === "bad") {
      bad.push({ index: frame.index, reason: frame.reason, text: frame.text });
      continue;
    }
    const { index, value } = frame;
    const parsed = isScoreRecord(value) ? scoreSchema.safeParse(value) : parseSpan(value);
    if (!parsed.success) {
      const newer = versionSchema.safeParse(value);
      if (newer.success) return { kind: "newer", schemaVersion: newer.data.schemaVersion };
      const [issue] = parsed.error.issues;
      bad.push({ index, reason: `${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`, text: JSON.stringify(value) });
    } else if (parsed.data.homeRegion !== region) {
      foreign(index, parsed.data.homeRegion);
    } else if ("record" in parsed.data) {
      scores.push({ index, score: parsed.data });
    } else {
      spans.push({ index, span: enrich(parsed.data) });
    }
  }
  return { kind: "read", spans, scores, bad };
}
