import { priceSpan } from "#adapters/prices/price-span.ts";
import { scoreIdOf } from "#adapters/score-id.ts";
import { errors, failure, type Failure } from "#core/contracts/error.ts";
import type { Score } from "#core/contracts/score.ts";
import { encodings, exportResponse, statusResponse, type OtlpEncoding } from "#core/ingest/otlp/export-response.ts";
import { excessOf, mapRequest, traceLimitsText } from "#core/ingest/otlp/map-request.ts";
import type { ReadRequest } from "#core/ingest/otlp/export-request.ts";
import { readJsonRequest } from "#core/ingest/otlp/read-json.ts";
import { readProtobuf } from "#core/ingest/otlp/read-protobuf.ts";
import { scoreIdSource, toScore, type ScoreEvent } from "#core/ingest/score.ts";
import { retryHeaders } from "./answer.ts";
import type { Face } from "./face.ts";
import { readBody } from "./read-body.ts";
import { readText } from "./read-text.ts";
import { originOf, type Sender } from "./sender.ts";
import { takeRecords } from "./take-records.ts";

const mediaTypes: ReadonlyMap<string, OtlpEncoding> = new Map(Object.entries(encodings));
const mediaTypeOf = { protobuf: "application/x-protobuf", json: "application/json" } as const satisfies Record<OtlpEncoding, string>;

/** How a request is written, by its `content-type`, whatever parameters that has; `null`: in no way that we know. */
function encodingOf(request: Request): OtlpEncoding | null {
  const [mediaType = ""] = (request.headers.get("content-type") ?? "").split(";", 1);
  return mediaTypes.get(mediaType.trim().toLowerCase()) ?? null;
}

function answer(
  encoding: OtlpEncoding,
  status: number,
  body: Uint8Array<ArrayBuffer> | string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(body, { status, headers: { "content-type": mediaTypeOf[encoding], ...headers } });
}

/** gRPC's codes, of which OTLP's errors have one too. */
const grpcCodes: Readonly<Record<number, number>> = { 400: 3, 401: 16, 403: 7, 404: 5, 405: 12, 413: 8, 415: 3, 500: 13, 503: 14 };
const grpcUnknown = 2;

function refuse(request: Request, fault: Failure): Response {
  const { httpStatus } = errors[fault.code];
  const encoding = encodingOf(request) ?? "json";
  return answer(encoding, httpStatus, statusResponse(encoding, grpcCodes[httpStatus] ?? grpcUnknown, fault.message), retryHeaders(fault));
}

function decode(encoding: OtlpEncoding, bytes: Uint8Array): ReadRequest | Failure {
  if (encoding === "protobuf") return readProtobuf(bytes);
  const read = readText(bytes);
  return read.kind === "failure" ? read : readJsonRequest(read.text);
}

/** OTLP's spans over HTTP: answered in the encoding of the request, with what of it was not taken. */
export const traces: Face = {
  refuse,
  take: async (request, env, sender) => {
    const encoding = encodingOf(request);
    if (encoding === null) {
      const known = [...mediaTypes.keys()].map((name) => `\`${name}\``).join(" or ");
      return failure("unsupported_media_type", `\`content-type\` must be ${known}.`, "content-type");
    }
    const body = await readBody(request, traceLimitsText);
    if (body.kind === "failure") return body;
    const read = decode(encoding, body.bytes);
    if (read.kind === "failure") return read;
    if (read.kind === "broken") return failure("invalid_field", read.reason);
    if (read.kind === "other-signal")
      return failure("invalid_field", `These are OTLP ${read.signal}; this address takes traces. ${untaken(read.signal)}`);
    const excess = excessOf(read.resources);
    if (excess !== null) return failure("request_too_large", excess);
    const nowMs = Date.now();
    const origin = originOf(sender, "otlp");
    const mapped = mapRequest(read.resources, { origin, ownHost: new URL(request.url).host, nowMs });
    const records = {
      spans: mapped.spans.map((span) => priceSpan(span, sender.snapshot, nowMs)),
      scores: await Promise.all(mapped.scores.map(async (score) => await scoreOf(score, sender, nowMs))),
    };
    const fault = await takeRecords(env, sender.snapshot.homeRegion, records);
    return fault ?? answer(encoding, 200, exportResponse(encoding, mapped.rejectedSpans, mapped.rejection));
  },
};

async function scoreOf(event: ScoreEvent, sender: Sender, nowMs: number): Promise<Score> {
  const origin = originOf(sender, "otlp");
  return toScore(event, origin, await scoreIdOf(scoreIdSource(origin.projectId, event)), nowMs);
}

function untaken(signal: "logs" | "metrics"): string {
  return `OTLP ${signal} are not taken: leave them out with OTEL_${signal.toUpperCase()}_EXPORTER=none.`;
}

/** OTLP's other signals: who sends them is told so at once, instead of losing them later. */
export function otherSignal(signal: "logs" | "metrics"): Face {
  return { refuse, take: () => Promise.resolve(failure("not_found", untaken(signal))) };
}
