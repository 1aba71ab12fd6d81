import { failure, type Failure } from "#core/contracts/error.ts";
import { EventSplitter } from "#core/gateway/sse.ts";
import { ChatStream, type StreamStep } from "#core/providers/openai/stream.ts";
import type { TargetedCall } from "./call.ts";
import { interruption } from "./open-upstream.ts";

/** One event may be so long; a provider that never ends one is not believed. */
const eventBytesMax = 16 * 1024 * 1024;
/** More of a stream than this is not kept for its record. */
const recordedCharactersMax = 16 * 1024 * 1024;

/** A stream as it passes: read by one pump, and recorded at its end. */
export class PassingStream {
  readonly #call: TargetedCall;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #splitter = new EventSplitter();
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  readonly #encoder = new TextEncoder();
  readonly chat: ChatStream;
  #recorded: string[] | null = [];
  #recordedCharacters = 0;
  /** Epoch milliseconds of the first event that was more than a comment. */
  firstDataAtMs: number | null = null;

  constructor(call: TargetedCall, body: ReadableStream<Uint8Array>) {
    this.#call = call;
    this.#reader = body.getReader();
    this.chat = new ChatStream({ hidesUsage: !call.body.asksForUsage });
  }

  /** What the provider sent so far; `null` where it became too much to keep. */
  get recordedText(): string | null {
    return this.#recorded?.join("") ?? null;
  }

  /** The next bytes for the client, and whether the stream goes on after them. */
  async next(): Promise<{ readonly bytes: Uint8Array | null; readonly end: StreamStep["end"] }> {
    for (;;) {
      const chunk = await this.#read();
      if (chunk.kind === "failure") return { bytes: null, end: chunk };
      const events = this.#splitter.push(chunk.bytes);
      if (this.#splitter.heldBytes > eventBytesMax) return { bytes: null, end: failure("upstream_invalid_response") };
      if (events === null) continue;
      const text = this.#decode(events);
      if (text === null) return { bytes: null, end: failure("upstream_invalid_response", "The provider's stream is not valid UTF-8.") };
      this.#keep(text);
      const step = this.chat.read(text);
      if (step.hasData) this.#touch();
      return { bytes: this.#bytesOf(step, events), end: step.end };
    }
  }

  /** Lets the provider go; it may have gone already. */
  async close(): Promise<void> {
    this.#call.deadline.cancel();
    await this.#reader.cancel().catch(() => undefined);
  }

  async #read(): Promise<{ readonly kind: "chunk"; readonly bytes: Uint8Array } | Failure> {
    try {
      const { done, value } = await this.#call.upstreamWait.time(this.#reader.read());
      const interrupted = interruption(this.#call);
      if (interrupted !== null) return interrupted;
      if (done) return failure("upstream_cut");
      if (this.firstDataAtMs !== null) this.#call.deadline.touch(Date.now());
      return { kind: "chunk", bytes: value };
    } catch {
      return interruption(this.#call) ?? failure("upstream_cut");
    }
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

  #keep(text: string): void {
    this.#recordedCharacters += text.length;
    if (this.#recordedCharacters > recordedCharactersMax) this.#recorded = null;
    this.#recorded?.push(text);
  }

  #bytesOf(step: StreamStep, events: Uint8Array): Uint8Array | null {
    if (step.forward.kind === "whole") return events;
    return step.forward.text === "" ? null : this.#encoder.encode(step.forward.text);
  }
}
