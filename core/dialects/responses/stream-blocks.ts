import type { AnswerBlock, AnswerEvent, BlockStart } from "../answer.ts";
import type { PlacedBlock } from "./output-item.ts";
import type { Content } from "./stop.ts";

interface StreamedBlock {
  readonly index: number;
  readonly kind: AnswerBlock["kind"];
  isOpen: boolean;
  hasText: boolean;
  hasLogprobs: boolean;
}

/**
 * The blocks of a stream that is being read, by the place of their output item and of their part in it. A block starts
 * when its first event comes; what its own events did not tell is taken from its whole item.
 */
export class StreamBlocks {
  #events: AnswerEvent[] = [];
  readonly #blocks = new Map<string, StreamedBlock>();
  #current: StreamedBlock | null = null;
  #content: Content = { calls: false, refuses: false, speaks: false };

  /** What has come by now. */
  get content(): Content {
    return this.#content;
  }

  /** What was told since this was last asked. */
  take(): readonly AnswerEvent[] {
    const taken = this.#events;
    this.#events = [];
    return taken;
  }

  /** Starts a block, unless it has started. */
  start(item: number, part: number, start: BlockStart): void {
    this.#started(item, part, start);
  }

  /** More of a block. `false`: it has been stopped. */
  add(item: number, part: number, start: BlockStart, text: string, logprobs: readonly unknown[]): boolean {
    const block = this.#started(item, part, start);
    if (!block.isOpen) return false;
    this.#tell(block, text, logprobs);
    return true;
  }

  /** A block is whole: tells of it what was not told, and stops it. One that was stopped stays as it is. */
  finish(item: number, { part, block }: PlacedBlock): void {
    const streamed = this.#started(item, part, startOf(block));
    if (!streamed.isOpen) return;
    if (block.kind !== "redacted-thinking") {
      const whole = block.kind === "tool-call" ? block.arguments : block.text;
      const logprobs = block.kind === "text" ? block.logprobs : [];
      this.#tell(streamed, streamed.hasText ? "" : whole, streamed.hasLogprobs ? [] : logprobs);
    }
    if (block.kind === "thinking" && block.seal !== null) this.#events.push({ kind: "seal", index: streamed.index, seal: block.seal });
    this.#stop(streamed);
  }

  /** Stops what nobody has stopped. */
  finishAll(): void {
    for (const block of this.#blocks.values()) this.#stop(block);
  }

  #started(item: number, part: number, start: BlockStart): StreamedBlock {
    const key = `${item}.${part}`;
    const known = this.#blocks.get(key);
    if (known !== undefined) return known;
    // Only calls may stand side by side.
    if (this.#current !== null) this.#stop(this.#current);
    const block = { index: this.#blocks.size, kind: start.kind, isOpen: true, hasText: false, hasLogprobs: false };
    this.#blocks.set(key, block);
    this.#current = start.kind === "tool-call" ? null : block;
    if (start.kind === "tool-call") this.#content = { ...this.#content, calls: true };
    if (start.kind === "refusal") this.#content = { ...this.#content, refuses: true };
    this.#events.push({ kind: "block-start", index: block.index, block: start });
    return block;
  }

  #tell(block: StreamedBlock, text: string, logprobs: readonly unknown[]): void {
    if (text === "" && logprobs.length === 0) return;
    block.hasText ||= text !== "";
    block.hasLogprobs ||= logprobs.length > 0;
    if (block.kind === "text" && block.hasText && !this.#content.speaks) this.#content = { ...this.#content, speaks: true };
    this.#events.push({ kind: "delta", index: block.index, text, logprobs });
  }

  #stop(block: StreamedBlock): void {
    if (!block.isOpen) return;
    block.isOpen = false;
    if (this.#current === block) this.#current = null;
    this.#events.push({ kind: "block-stop", index: block.index });
  }
}

function startOf(block: AnswerBlock): BlockStart {
  switch (block.kind) {
    case "text":
    case "refusal":
    case "thinking":
      return { kind: block.kind };
    case "redacted-thinking":
      return { kind: block.kind, seal: block.seal };
    case "tool-call":
      return { kind: block.kind, id: block.id, name: block.name };
  }
}
