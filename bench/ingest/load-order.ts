import * as z from "zod";

export const loadOrderSchema = z.strictObject({
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  form: z.enum(["json", "json-gzip", "otlp-protobuf-gzip"]),
  /** Numbers the load, so that its spans are told from those of others. */
  load: z.int().positive(),
  batches: z.int().positive(),
  batchesPerSecond: z.number().positive(),
  connections: z.int().positive(),
});
export type LoadOrder = z.infer<typeof loadOrderSchema>;

export const loadResultSchema = z.strictObject({
  /** By batch: when its 202 (of OTLP: its 200) was whole, in monotonic microseconds; 0: it was not accepted. */
  acceptedUs: z.instanceof(Float64Array),
  /** From the first byte of a request to the last of its answer; of accepted batches. */
  latenciesUs: z.instanceof(Float64Array),
  /** What else was answered, how often. */
  refused: z.record(z.string(), z.int()),
  startedUs: z.number(),
  endedUs: z.number(),
  /** Of the generator itself, over the load. */
  cpuMs: z.number(),
  bytesPerBatch: z.number(),
});
export type LoadResult = z.infer<typeof loadResultSchema>;
