import type { Span } from "../../contracts/span.ts";
import type { ScoreEvent } from "../score.ts";
import type { EventOrigin } from "../event-span.ts";
import type { OtlpResourceSpans } from "./export-request.ts";
import { collectResource, mapSpan } from "./map-span.ts";

/** What one request to `POST /v1/traces` may hold; a body counts as it is when unpacked. A collector's usual batch is 8,192 spans. */
const traceLimits = {
  bytes: 5 * 1024 * 1024,
  /** Spans, and events in them, which become spans. */
  records: 10_000,
  /** Characters of resources and scopes as often as they have spans: each span carries them. */
  sharedCharacters: 32 * 1024 * 1024,
} as const;

export const traceLimitsText = `A request holds at most ${traceLimits.bytes} bytes (5 MB, unpacked) and ${traceLimits.records} spans and events.`;

/** Why a request is more than one may hold, though its body is not; `null`: it is not. */
export function excessOf(resources: readonly OtlpResourceSpans[]): string | null {
  let records = 0;
  let sharedCharacters = 0;
  for (const { resource, scopes } of resources) {
    const resourceCharacters = JSON.stringify(resource).length;
    for (const { scope, spans } of scopes) {
      sharedCharacters += spans.length * (resourceCharacters + JSON.stringify(scope).length);
      for (const span of spans) records += 1 + ("events" in span ? span.events.length : 0);
    }
  }
  if (records > traceLimits.records) return `There are ${records} spans and events. ${traceLimitsText}`;
  if (sharedCharacters <= traceLimits.sharedCharacters) return null;
  return `The attributes of resources and scopes, which each of their spans carries, come to ${sharedCharacters} characters in all, of at most ${traceLimits.sharedCharacters}.`;
}

/** The records of a request, and what of it was not taken. */
export interface MappedRequest {
  readonly spans: readonly Span[];
  readonly scores: readonly ScoreEvent[];
  readonly rejectedSpans: number;
  /** Empty where nothing was rejected. */
  readonly rejection: string;
}

const reasonsTold = 3;
const nameCharactersTold = 100;

/** Maps each span of a request, for itself. */
export function mapRequest(
  resources: readonly OtlpResourceSpans[],
  { origin, ownHost, nowMs }: { readonly origin: EventOrigin; readonly ownHost: string; readonly nowMs: number },
): MappedRequest {
  const records: Span[] = [];
  const scores: ScoreEvent[] = [];
  const reasons: string[] = [];
  let index = -1;
  for (const { resource: attributes, scopes } of resources) {
    const resource = collectResource(attributes);
    for (const { scope, spans } of scopes) {
      const surroundings = { origin, resource, scope, ownHost, nowMs };
      for (const span of spans) {
        index += 1;
        const mapped = "unreadable" in span ? ({ kind: "rejected", reason: span.unreadable } as const) : mapSpan(span, surroundings);
        if (mapped.kind === "rejected") reasons.push(`span ${index}${nameOf(span)}: ${mapped.reason}`);
        else {
          records.push(...mapped.spans);
          scores.push(...mapped.scores);
        }
      }
    }
  }
  return { spans: records, scores, rejectedSpans: reasons.length, rejection: rejectionOf(reasons, index + 1) };
}

function nameOf(span: object): string {
  return "name" in span && typeof span.name === "string" ? ` (${JSON.stringify(span.name.slice(0, nameCharactersTold))})` : "";
}

function rejectionOf(reasons: readonly string[], spans: number): string {
  if (reasons.length === 0) return "";
  const more = reasons.length > reasonsTold ? `; and ${reasons.length - reasonsTold} more` : "";
  return `${reasons.length} of ${spans} spans were not taken: ${reasons.slice(0, reasonsTold).join("; ")}${more}`;
}
