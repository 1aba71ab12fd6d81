import { gzipSync } from "node:zlib";
import { idsOf } from "./ids.ts";
import type { Load } from "./loads.ts";
import { otlpRequest } from "./otlp-request.ts";
import { spansOf, type SentSpan } from "./spans.ts";

/** Batches that say different things. A load longer than that says them again, under other ids. */
export const distinctBatches = 600;

const mediaTypes = { json: "application/json", "json-gzip": "application/json", "otlp-protobuf-gzip": "application/x-protobuf" } as const;

/** The bodies of a load by number, each with ids of its own, made before the load as far as they can be. */
export function prepareBatches(load: number, form: Load["form"], count: number, nowMs: number): (batch: number) => Buffer {
  const sources = Array.from({ length: Math.min(distinctBatches, count) }, (_, index) => spansOf(index + 1, nowMs));
  const source = (batch: number): SentSpan[] => sources[batch % sources.length] ?? [];
  if (form === "json") {
    const templates = sources.map((spans) => templateOf(spans));
    return (batch) => withIds(templates[batch % templates.length] ?? templateOf([]), load, batch);
  }
  const templates = sources.map((spans) => templateOf(spans));
  const packed = Array.from({ length: count }, (_, batch) =>
    gzipSync(
      form === "json-gzip"
        ? withIds(templates[batch % templates.length] ?? templateOf([]), load, batch)
        : otlpRequest(load, batch, source(batch)),
    ),
  );
  return (batch) => packed[batch % count] ?? Buffer.alloc(0);
}

/** The head of a request that carries such a body. */
export function requestHead(url: string, headers: Readonly<Record<string, string>>, form: Load["form"], bytes: number): string {
  const { host, pathname } = new URL(url);
  const all = {
    host,
    ...headers,
    "content-type": mediaTypes[form],
    ...(form === "json" ? {} : { "content-encoding": "gzip" }),
    "content-length": String(bytes),
  };
  return `POST ${pathname} HTTP/1.1\r\n${Object.entries(all)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("")}\r\n`;
}

/** A body, and where the ids of its spans are written. */
interface Template {
  readonly bytes: Buffer;
  readonly traceIdsAt: readonly number[];
  readonly spanIdsAt: readonly number[];
}

const noTraceId = "T".repeat(32);
const noSpanId = "S".repeat(16);

function templateOf(spans: readonly SentSpan[]): Template {
  const bytes = Buffer.from(JSON.stringify({ events: spans.map((span) => ({ traceId: noTraceId, spanId: noSpanId, ...span })) }));
  return { bytes, traceIdsAt: placesOf(bytes, noTraceId), spanIdsAt: placesOf(bytes, noSpanId) };
}

function placesOf(bytes: Buffer, text: string): number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(text); at !== -1; at = bytes.indexOf(text, at + text.length)) places.push(at);
  return places;
}

function withIds({ bytes, traceIdsAt, spanIdsAt }: Template, load: number, batch: number): Buffer {
  const body = Buffer.from(bytes);
  for (const [index, at] of traceIdsAt.entries()) {
    const { traceId, spanId } = idsOf(load, batch, index);
    body.write(traceId, at, "latin1");
    body.write(spanId, spanIdsAt[index] ?? at, "latin1");
  }
  return body;
}
