import { failure, type Failure } from "#core/contracts/error.ts";
import { noAnswer } from "#core/dialects/answer-facts.ts";
import { runAttempts, type Attempted } from "#core/gateway/attempts.ts";
import type { RequestBody } from "#core/gateway/request-body.ts";
import { patienceMs, type Call, type TargetedCall } from "./call.ts";
import type { CallLimits } from "./call-limits.ts";
import { Deadline } from "./deadline.ts";
import { failCall, failed, refuseCall, type Failed } from "./fail-call.ts";
import { attemptOf } from "./record-call.ts";
import { openUpstream } from "./open-upstream.ts";
import { plainAnswer } from "./plain-answer.ts";
import { refusedAnswer } from "./refused-answer.ts";
import { resolve, type Resolved } from "./resolve.ts";
import { Stopwatch } from "./stopwatch.ts";
import { streamAnswer } from "./stream-answer.ts";

/** Tries the call's targets in their order, and answers with what the first one gives that does not fail. */
export async function complete(call: Call, body: RequestBody, bytes: Uint8Array<ArrayBuffer>): Promise<Response> {
  const [first = body.model, ...rest] = routeOf(call);
  const running = new RunningCall(call, body, bytes);
  const attempted = await runAttempts<string, Response, Failed>([first, ...rest], call.identity.headers.routing.retries, {
    attempt: async (modelName) => await running.attempt(modelName),
    sleep: async (milliseconds) => await pause(milliseconds, call.signal),
    random: Math.random,
    nowMs: Date.now,
    endsAtMs: endsAtMsOf(call),
  });
  if (attempted.kind === "answered") return attempted.value;
  const { fault, part, call: targeted } = attempted.failed;
  return targeted === null ? await refuseCall(call, body, fault) : await failCall(targeted, fault, part);
}

/** A key's route names models that converse: they embed nothing. */
function routeOf({ identity: { shape, headers, snapshot } }: Call): readonly string[] {
  if (headers.routing.route.length > 0) return headers.routing.route;
  return shape === "embedding" ? [] : snapshot.route;
}

function endsAtMsOf({ identity: { startedAtMs, headers } }: Call): number {
  return startedAtMs + headers.timeouts.totalMs;
}

/** Ends early when the client goes away. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve: wake } = Promise.withResolvers<void>();
  const timer = setTimeout(wake, milliseconds);
  const stop = (): void => {
    clearTimeout(timer);
    wake();
  };
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  await promise;
  signal.removeEventListener("abort", stop);
}

/** The wait that a client's departure ends. */
interface Wait {
  deadline: Deadline | null;
}

/** The signal outlives its call until a full collection of garbage, so what listens to it must hold nothing of the call. */
function watchClient(signal: AbortSignal, patienceMs: number): Wait {
  const wait: Wait = { deadline: null };
  signal.addEventListener("abort", () => wait.deadline?.clientClosed(patienceMs, Date.now()));
  return wait;
}

/** What the attempts of one call share: its client, its time, and the memory of those that failed. */
class RunningCall {
  readonly #call: Call;
  readonly #body: RequestBody;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #upstreamWait = new Stopwatch();
  readonly #wait: Wait;
  #lastFailed: { readonly failed: Failed; readonly endedAtMs: number } | null = null;

  constructor(call: Call, body: RequestBody, bytes: Uint8Array<ArrayBuffer>) {
    this.#call = call;
    this.#body = body;
    this.#bytes = bytes;
    this.#wait = watchClient(call.signal, patienceMs(call));
  }

  async attempt(modelName: string): Promise<Attempted<Response, Failed>> {
    this.#keepLastFailed();
    const outcome = await this.#attempt(modelName);
    if (outcome instanceof Response) return { kind: "answered", value: outcome };
    this.#wait.deadline?.clear();
    this.#settle(outcome);
    this.#lastFailed = { failed: outcome, endedAtMs: Date.now() };
    return { kind: "failed", failed: outcome };
  }

  async #attempt(modelName: string): Promise<Response | Failed> {
    const { limits } = this.#call;
    // Most calls have no limits, and pay nothing for those of others.
    const resolved = await (limits === null ? resolve(this.#call, this.#body, modelName) : this.#admitted(limits, modelName));
    if (resolved.kind === "failure") return failed(null, resolved);
    if (this.#call.signal.aborted) return failed(null, failure("client_closed"));
    const nowMs = Date.now();
    const deadline = new Deadline({ ...this.#call.identity.headers.timeouts, totalMs: endsAtMsOf(this.#call) - nowMs }, nowMs);
    this.#wait.deadline = deadline;
    const call: TargetedCall = { ...this.#call, body: this.#body, target: resolved.target, deadline, upstreamWait: this.#upstreamWait };
    const response = await openUpstream(call, resolved.apiKey, resolved.changedText ?? this.#bytes);
    if ("code" in response) return failed(call, response);
    if (!response.ok) return await refusedAnswer(call, response);
    return this.#body.streamed ? await streamed(call, response) : await plainAnswer(call, response);
  }

  /** Where an attempt goes, admitted by the limits that hold for it there. */
  async #admitted(limits: CallLimits, modelName: string): Promise<Resolved | Failure> {
    const resolved = await resolve(this.#call, this.#body, modelName);
    if (resolved.kind === "failure") return resolved;
    const admitted = await limits.admit(resolved.target, this.#body, this.#bytes.length);
    if (admitted.kind === "failure") return admitted;
    if (admitted.cap === null) return resolved;
    return await resolve(this.#call, this.#body, modelName, admitted.cap);
  }

  /** At once: nothing is held for it while the next one is waited for. */
  #settle({ call, fault, part: { upstreamStatus } }: Failed): void {
    if (call === null) this.#call.limits?.settleUnsent();
    else this.#call.limits?.settle({ failure: fault, upstreamStatus, facts: noAnswer, cost: null });
  }

  /** An attempt that another one follows is told by a span of its own. */
  #keepLastFailed(): void {
    if (this.#lastFailed === null) return;
    const {
      failed: { call, fault, part },
      endedAtMs,
    } = this.#lastFailed;
    if (call === null) return;
    this.#call.failedAttempts.push(attemptOf(call.target, { endedAtMs, failure: fault, upstreamStatus: part.upstreamStatus }));
  }
}

async function streamed(call: TargetedCall, response: Response): Promise<Response | Failed> {
  const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = response.body?.getReader();
  if (reader !== undefined && (response.headers.get("content-type") ?? "").includes("text/event-stream")) {
    return await streamAnswer(call, response, reader);
  }
  await reader?.cancel();
  const fault = failure("upstream_invalid_response", "The provider was asked for a stream and answered with something else.");
  return failed(call, fault, { upstreamStatus: response.status });
}
