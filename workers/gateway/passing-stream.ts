import { within } from "#adapters/within.ts";
import { failure, type Failure } from "#core/contracts/error.ts";
import type { Payload } from "#core/contracts/span.ts";
import { EventSplitter } from "#core/gateway/sse.ts";
import type { AnswerStream, StreamStep } from "#core/dialects/answer-stream.ts";
import { openStream } from "#core/dialects/open-stream.ts";
import { shapeDialects } from "#core/gateway/request-body.ts";
import { contextOf } from "./answer-context.ts";
import type { TargetedCall } from "./call.ts";
import type { CallLimits } from "./call-limits.ts";

/** One event may be so long; a provider that never ends one is not believed. */
const eventBytesMax = 16 * 1024 * 1024;
/** How long after its end mark a stream may take to end: one that is read to its end leaves a connection that serves again. */
const endWithinMs = 250;
/** A stream as it passes: read by one pump, and recorded at its end. */
export class PassingStream {
  readonly #call: TargetedCall;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #splitter = new EventSplitter();
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  readonly #encoder = new TextEncoder();
  /** `null`: all that it can cost is reserved. */
  readonly #limits: CallLimits | null;
  readonly answer: AnswerStream;
  /** Epoch milliseconds of the first event that was more than a comment. */
  firstDataAtMs: number | null = null;

  constructor(call: TargetedCall, reader: ReadableStreamDefaultReader<Uint8Array>) {
    this.#call = call;
    this.#reader = reader;
    call.deadline.onStop(() => {
      void this.letGo();
    });
    const { limits, target, identity } = call;
    this.#limits = limits?.mayCut === true ? limits : null;
    this.answer = openStream(target.provider, target.dialect, shapeDialects[identity.shape], contextOf(call), this.#limits !== null);
  }

  /** What came of the answer, as its record keeps it. */
  get output(): Payload {
    const output = this.answer.output();
    if (output === null) return { kind: "omitted", reason: "none" };
    if (output === "too-large") return { kind: "omitted", reason: "too-large" };
    return { kind: "inline", mediaType: "application/json", text: JSON.stringify(output) };
  }

  /** The next bytes for the client, and whether the stream goes on after them. */
  async next(): Promise<{ readonly bytes: Uint8Array | null; readonly end: StreamStep["end"] }> {
    for (;;) {
      const chunk = await this.#read();
      if (chunk.kind === "failure") return { bytes: null, end: chunk };
      if (chunk.kind === "ended") return this.#end();
      const events = this.#splitter.push(chunk.bytes);
      if (this.#splitter.heldBytes > eventBytesMax) return { bytes: null, end: failure("upstream_invalid_response") };
      if (events === null) continue;
      const text = this.#decode(events);
      if (text === null) return { bytes: null, end: failure("upstream_invalid_response", "The provider's stream is not valid UTF-8.") };
      const step = this.answer.read(text);
      if (step.hasData) this.#touch();
      return { bytes: this.#bytesOf(step, events), end: step.end === "open" ? await this.#keepUp() : step.end };
    }
  }

  /** While it waits, what the provider writes on is reserved already. */
  async #keepUp(): Promise<StreamStep["end"]> {
    const { cutting } = this.answer;
    if (this.#limits === null || cutting === null) return "open";
    return (await this.#limits.keepUp(cutting.tokensMax())) ?? "open";
  }

  /** Lets the provider go; it may have gone already. A read that waits ends. */
  async letGo(): Promise<void> {
    this.#call.deadline.clear();
    await this.#reader.cancel().catch(() => undefined);
  }

  /** What a provider sends after its end mark is not read, only waited for. */
  async finish(): Promise<void> {
    this.#call.deadline.clear();
    await within(this.#readToEnd(), endWithinMs).catch(() => this.letGo());
  }

  async #readToEnd(): Promise<void> {
    for (let isDone = false; !isDone;) isDone = (await this.#reader.read()).done;
  }

  async #read(): Promise<{ readonly kind: "chunk"; readonly bytes: Uint8Array } | { readonly kind: "ended" } | Failure> {
    const waitedFromMs = Date.now();
    try {
      const { done, value } = await this.#reader.read();
      const nowMs = Date.now();
      this.#call.upstreamWait.add(nowMs - waitedFromMs);
      // A read that our own timer ended can look like the end of the answer.
      if (done) return this.#call.deadline.failure ?? { kind: "ended" };
      if (this.firstDataAtMs !== null) this.#call.deadline.touch(nowMs);
      return { kind: "chunk", bytes: value };
    } catch {
      return this.#call.deadline.failure ?? failure("upstream_cut");
    }
  }

  /** The provider's body has ended: the stream is whole only if what is held says so, or its provider marks no end. */
  #end(): { readonly bytes: Uint8Array | null; readonly end: StreamStep["end"] } {
    const rest = this.#decode(this.#splitter.held);
    if (rest === null) return { bytes: null, end: failure("upstream_cut") };
    const step = this.answer.end(rest);
    if (step.hasData) this.#touch();
    return { bytes: this.#bytesOf(step, this.#splitter.held), end: step.end };
  }

  #touch(): void {
    if (this.firstDataAtMs !== null) return;
    this.firstDataAtMs = Date.now();
    this.#call.deadline.touch(this.firstDataAtMs);
  }

  #decode(events: Uint8Array): string | null {
    try {
      return this.#decoder.decode(events);
    } catch {
      return null;
    }
  }

  #bytesOf(step: StreamStep, events: Uint8Array): Uint8Array | null {
    if (step.forward.kind === "whole") return events;
    return step.forward.text === "" ? null : this.#encoder.encode(step.forward.text);
  }
}
