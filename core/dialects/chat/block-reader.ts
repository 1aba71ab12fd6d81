import { failure, type Failure } from "../../contracts/error.ts";
import { asRecord } from "../../gateway/json.ts";
import type { AnswerEvent, BlockStart } from "../answer.ts";
import { callIdOf, readArguments, readLogprobs, readTexts, textOf } from "./answer-texts.ts";
import type { StopSigns } from "./finish-reason.ts";
import { readThinkingBlock } from "./thinking-blocks.ts";
import { ToolCallStream } from "./tool-call-stream.ts";

type Fields = Readonly<Record<string, unknown>>;
type TextKind = "text" | "thinking" | "refusal";

/** Makes blocks out of deltas, which say what they continue by the field that they stand in. */
export class BlockReader {
  /** Of what calls without an id get theirs. */
  answerId = "";
  #count = 0;
  /** Calls are open side by side; of all else one block at a time. */
  #open: { readonly kind: TextKind; readonly index: number } | null = null;
  readonly #calls = new ToolCallStream();
  #signs: StopSigns = { hasToolCalls: false, hasRefusal: false };

  /** What of the blocks so far tells how the answer ends. */
  get signs(): StopSigns {
    return this.#signs;
  }

  read(delta: Fields, choice: Fields): readonly AnswerEvent[] | Failure {
    const events: AnswerEvent[] = [];
    const { thinking, text, refusal } = readTexts(delta);
    if (thinking !== "") this.#say("thinking", thinking, [], events);
    this.#readThinkingBlocks(delta["thinking_blocks"], thinking === "", events);
    const logprobs = readLogprobs(choice);
    // A token may be a part of a character, whose text comes with the next one.
    const isPart = logprobs.length > 0 && typeof delta["content"] === "string";
    if (text !== "" || isPart) this.#say("text", text, logprobs, events);
    if (refusal !== "") this.#say("refusal", refusal, [], events);
    return this.#readCalls(delta["tool_calls"], events) ?? events;
  }

  /** Stops what is open. */
  end(): readonly AnswerEvent[] {
    const events: AnswerEvent[] = [];
    this.#stopAll(events);
    return events;
  }

  #stopAll(events: AnswerEvent[]): void {
    this.#stopText(events);
    for (const index of this.#calls.end()) events.push({ kind: "block-stop", index });
  }

  #say(kind: TextKind, text: string, logprobs: readonly unknown[], events: AnswerEvent[]): void {
    const index = this.#openText(kind, events);
    events.push({ kind: "delta", index, text, logprobs });
  }

  #openText(kind: TextKind, events: AnswerEvent[]): number {
    if (this.#open?.kind === kind) return this.#open.index;
    this.#stopAll(events);
    const index = this.#start({ kind }, events);
    this.#open = { kind, index };
    if (kind === "refusal") this.#signs = { ...this.#signs, hasRefusal: true };
    return index;
  }

  #start(block: BlockStart, events: AnswerEvent[]): number {
    const index = this.#count++;
    events.push({ kind: "block-start", index, block });
    return index;
  }

  #stopText(events: AnswerEvent[]): void {
    if (this.#open === null) return;
    events.push({ kind: "block-stop", index: this.#open.index });
    this.#open = null;
  }

  /** A block's text may have been said before, as `reasoning_content`: then the block only brings its seal. */
  #readThinkingBlocks(value: unknown, isUnsaid: boolean, events: AnswerEvent[]): void {
    for (const entry of Array.isArray(value) ? value : []) {
      const block = readThinkingBlock(entry);
      if (block === null) continue;
      if (block.kind === "redacted-thinking") {
        this.#stopAll(events);
        events.push({ kind: "block-stop", index: this.#start(block, events) });
        continue;
      }
      const isPiece = isUnsaid && (block.seal === null || this.#open?.kind !== "thinking");
      if (isPiece && block.text !== "") this.#say("thinking", block.text, [], events);
      if (block.seal === null) continue;
      events.push({ kind: "seal", index: this.#openText("thinking", events), seal: block.seal });
      this.#stopText(events);
    }
  }

  #readCalls(value: unknown, events: AnswerEvent[]): Failure | null {
    for (const element of Array.isArray(value) ? value : []) {
      const piece = asRecord(element) ?? {};
      const called = asRecord(piece["function"]) ?? {};
      const index = this.#callOf(piece, textOf(called["name"]), events);
      if (index === null) return failure("upstream_invalid_response", "The provider called a tool without a name.");
      const text = readArguments(called["arguments"]);
      if (text !== "") events.push({ kind: "delta", index, text, logprobs: [] });
    }
    return null;
  }

  /** The block that the piece belongs to, begun where it is new. `null`: a new one without a name. */
  #callOf(piece: Fields, name: string, events: AnswerEvent[]): number | null {
    const known = this.#calls.find(piece, name);
    if (known !== null || name === "") return known;
    this.#stopText(events);
    const id = callIdOf(piece["id"], this.answerId, this.#count);
    const index = this.#start({ kind: "tool-call", id, name }, events);
    this.#calls.begin(piece, index);
    this.#signs = { ...this.#signs, hasToolCalls: true };
    return index;
  }
}
