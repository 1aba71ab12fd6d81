import * as z from "zod";

/** What a target's starter is given. */
export interface TargetSurroundings {
  readonly upstreamUrl: string;
  /** Where its data may go; not made yet, removed after the run. */
  readonly scratchDirectory: string;
}

/** A target that answers `POST <url>/v1/chat/completions`. */
export interface RunningTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What to call the model here. */
  readonly model: string;
  /** Root of the processes that are the target, for their CPU and memory. */
  readonly pid: number;
  readonly stop: () => Promise<void>;
  /** Only a system that keeps a record of calls: where its rows can be counted. */
  readonly clickhouseUrl?: string;
}

export type StartTarget = (surroundings: TargetSurroundings) => Promise<RunningTarget>;

/** What the process that runs a target tells of it. */
export const targetDetailsSchema = z.strictObject({
  headers: z.record(z.string(), z.string()),
  model: z.string(),
  pid: z.int(),
  clickhouseUrl: z.string().nullable(),
});
export type TargetDetails = z.infer<typeof targetDetailsSchema>;
