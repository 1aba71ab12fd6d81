import type { GatewayEnvironment } from "./environment.ts";
import type { CallIdentity, CallTarget } from "#core/gateway/call-span.ts";
import type { RequestBody } from "#core/gateway/request-body.ts";
import type { RequestId } from "#core/contracts/id.ts";
import type { Deadline } from "./deadline.ts";
import type { Stopwatch } from "./stopwatch.ts";

/** What all stages of one call share. */
export interface Call {
  readonly env: GatewayEnvironment;
  readonly context: ExecutionContext;
  readonly request: Request;
  readonly requestId: RequestId;
  readonly identity: CallIdentity;
}

/** A call that knows where it goes. */
export interface TargetedCall extends Call {
  readonly body: RequestBody;
  readonly target: CallTarget;
  readonly deadline: Deadline;
  /** Runs while the upstream is waited for. */
  readonly upstreamWait: Stopwatch;
}
