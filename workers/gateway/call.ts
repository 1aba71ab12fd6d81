import type { GatewayEnvironment } from "./environment.ts";
import type { Attempt } from "#core/gateway/attempt-span.ts";
import type { CallIdentity, CallTarget } from "#core/gateway/call-span.ts";
import type { RequestBody } from "#core/gateway/request-body.ts";
import type { RequestId } from "#core/contracts/id.ts";
import type { CallLimits } from "./call-limits.ts";
import type { Deadline } from "./deadline.ts";
import type { Stopwatch } from "./stopwatch.ts";

/** What all stages of one call share. */
export interface Call {
  readonly env: GatewayEnvironment;
  readonly context: ExecutionContext;
  /** The request's, names in lower case. Read once: each look into the platform's own is a step out of JavaScript. */
  readonly headers: ReadonlyMap<string, string>;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  readonly requestId: RequestId;
  readonly identity: CallIdentity;
  /** `null`: none holds for it, and nothing is asked. */
  readonly limits: CallLimits | null;
  /** Attempts that failed, in their order; those of the call are on record when it ends. */
  readonly failedAttempts: Attempt[];
  /** Gives back the memory that the request's body claims; called with the record, which is the last to need it. */
  readonly releaseBody: () => void;
}

/** An attempt of a call, that knows where it goes. */
export interface TargetedCall extends Call {
  readonly body: RequestBody;
  readonly target: CallTarget;
  readonly deadline: Deadline;
  /** Runs while an upstream is waited for. */
  readonly upstreamWait: Stopwatch;
}

/** After a disconnect all work of a request gets 30 s. */
const drainMs = 25_000;

/** How long a call goes on when its client has gone. */
export function patienceMs({ identity: { snapshot } }: Call): number {
  return snapshot.onDisconnect === "drain" ? drainMs : 0;
}
