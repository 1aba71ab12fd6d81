import { performance } from "node:perf_hooks";

/** Lines that tell a person what happens, with the time since the start. */
export interface Progress {
  /** Says that a part is ready. */
  readonly ready: (part: string) => void;
  readonly say: (line: string) => void;
  readonly elapsedSeconds: () => string;
}

/** Starts counting when the process started, so that loading the runner itself is included. */
export function startProgress(write: (line: string) => void): Progress {
  const elapsedSeconds = () => (performance.now() / 1_000).toFixed(1);
  return {
    ready: (part) => write(`  ${elapsedSeconds().padStart(5)} s  ${part}`),
    say: write,
    elapsedSeconds,
  };
}
