import type { Span } from "../../contracts/span.ts";
import type { ScoreEvent } from "../score.ts";
import type { EventOrigin } from "../event-span.ts";
import type { OtlpResourceSpans } from "./export-request.ts";
import { collectResource, mapSpan } from "./map-span.ts";

/** What one request to `POST /v1/traces` may hold; a body counts as it is when unpacked. A collector's usual batch is 8,192. */
export const traceLimits = { bytes: 5 * 1024 * 1024, spans: 10_000 } as const;

export const traceLimitsText = `A request holds at most ${traceLimits.bytes} bytes (5 MB, unpacked) and ${traceLimits.spans} spans.`;

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

export function countSpans(resources: readonly OtlpResourceSpans[]): number {
  return resources.reduce((sum, { scopes }) => scopes.reduce((within, { spans }) => within + spans.length, sum), 0);
}

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
