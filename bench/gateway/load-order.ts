import * as z from "zod";
import { workloadNames } from "./workloads.ts";

export const loadOrderSchema = z.strictObject({
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  workload: z.enum(workloadNames),
  connections: z.int().positive(),
  /** A connection begins its calls no closer together than this; 0: each as soon as the last one is whole. */
  everyMs: z.int().nonnegative().default(0),
  /** Load before the measured window, so that what is measured is a running system. */
  leadInMs: z.int().nonnegative(),
  measureMs: z.int().positive(),
});
export type LoadOrder = z.infer<typeof loadOrderSchema>;

export const loadResultSchema = z.strictObject({
  /**
   * Whole, right answers within the measured window; one that was under way at an end of it counts by the part of
   * its time that lies inside, or 64 connections in step would make the figure jump by 64.
   */
  calls: z.number(),
  windowMs: z.number(),
  /** Whole, right answers from the first byte sent to the last received, outside the window included. */
  callsTotal: z.int(),
  /** What went wrong, how often; over all, outside the window included. */
  errors: z.record(z.string(), z.int()),
  /** From the request's first byte sent to the answer's last received, in microseconds; calls of the window. */
  latenciesUs: z.instanceof(Float64Array),
  /** From the upstream's write of an event to its arrival, in microseconds; paced calls, events within the window. */
  lagsUs: z.instanceof(Float64Array),
});
export type LoadResult = z.infer<typeof loadResultSchema>;
