import type { Environment } from "./environment.ts";
import type { Stop } from "./process/end-parts.ts";
import type { Supervision } from "./process/supervise.ts";
import type { Progress } from "./progress.ts";

/** What a start is given besides the environment. */
export interface StartContext {
  readonly environment: Environment;
  /** Absolute path of the folder with `package.json`. */
  readonly repository: string;
  readonly progress: Progress;
  readonly supervision: Supervision;
  /** Gets, as soon as a part runs, what ends it; called in reverse order at the end. */
  readonly onStarted: (stop: Stop) => void;
}
