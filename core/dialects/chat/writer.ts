import type { Usage } from "../../contracts/usage.ts";
import type { AnswerEvent, BlockStart } from "../answer.ts";
import type { Seal } from "../conversation.ts";
import type { AnswerContext, AnswerWriter } from "../dialect.ts";
import { writeFinishReason } from "./finish-reason.ts";
import { endMark } from "./stream.ts";
import { writeThinkingBlock } from "./thinking-blocks.ts";
import { completionId, writeLogprobs } from "./write-answer.ts";
import { writeUsage } from "./write-usage.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What is known of a block that was started. */
interface OpenBlock {
  readonly start: BlockStart;
  /** Its number among the calls; 0 for all else. */
  readonly callIndex: number;
  /** Of thinking: what was said, to be said again under its seal. */
  readonly pieces: string[];
  seal: Seal | null;
  isEmpty: boolean;
}

const deltaNames = { text: "content", refusal: "refusal", thinking: "reasoning_content" } as const;

/** Writes a stream of `chat.completion.chunk`. */
export class ChatWriter implements AnswerWriter {
  readonly #context: AnswerContext;
  #id = "";
  readonly #blocks = new Map<number, OpenBlock>();
  #callCount = 0;
  #hasStopped = false;
  #usage: Usage | null = null;
  #serviceTier: string | null = null;

  constructor(context: AnswerContext) {
    this.#context = context;
  }

  write(event: AnswerEvent): string {
    switch (event.kind) {
      case "start":
        this.#id = completionId(event.id, this.#context);
        return this.#delta({ role: "assistant", content: "", refusal: null });
      case "block-start":
        return this.#startBlock(event.index, event.block);
      case "delta":
        return this.#continueBlock(event);
      case "seal": {
        const block = this.#blocks.get(event.index);
        if (block !== undefined) block.seal = event.seal;
        return "";
      }
      case "block-stop":
        return this.#stopBlock(event.index);
      case "stop":
        this.#hasStopped = true;
        return this.#choice({}, null, writeFinishReason(event.stop));
      case "usage":
        this.#usage = event.usage;
        this.#serviceTier = event.serviceTier ?? this.#serviceTier;
        return "";
      case "end":
        return this.#end();
      case "error":
        return "";
    }
  }

  endText(): string {
    return endMark;
  }

  #startBlock(index: number, start: BlockStart): string {
    const callIndex = start.kind === "tool-call" ? this.#callCount++ : 0;
    this.#blocks.set(index, { start, callIndex, pieces: [], seal: null, isEmpty: true });
    if (start.kind === "redacted-thinking") return this.#delta({ thinking_blocks: [writeThinkingBlock(start)] });
    if (start.kind !== "tool-call") return "";
    const call = { index: callIndex, id: start.id, type: "function", function: { name: start.name, arguments: "" } };
    return this.#delta({ tool_calls: [call] });
  }

  #continueBlock({ index, text, logprobs }: Extract<AnswerEvent, { kind: "delta" }>): string {
    const block = this.#blocks.get(index);
    if (block === undefined || block.start.kind === "redacted-thinking" || (text === "" && logprobs.length === 0)) return "";
    if (text !== "") block.isEmpty = false;
    if (block.start.kind === "tool-call") return this.#callArguments(block, text);
    if (block.start.kind === "thinking") block.pieces.push(text);
    return this.#choice({ [deltaNames[block.start.kind]]: text }, writeLogprobs(logprobs), null);
  }

  #stopBlock(index: number): string {
    const block = this.#blocks.get(index);
    if (block === undefined) return "";
    this.#blocks.delete(index);
    // Clients parse what they have got, which must be JSON where a tool takes nothing too.
    if (block.start.kind === "tool-call" && block.isEmpty) return this.#callArguments(block, "{}");
    if (block.seal === null) return "";
    return this.#delta({ thinking_blocks: [writeThinkingBlock({ kind: "thinking", text: block.pieces.join(""), seal: block.seal })] });
  }

  /** Strict clients take an id, a type and a name only once. */
  #callArguments({ callIndex }: OpenBlock, text: string): string {
    return this.#delta({ tool_calls: [{ index: callIndex, function: { arguments: text } }] });
  }

  #end(): string {
    const finish = this.#hasStopped ? "" : this.#choice({}, null, "stop");
    if (!this.#context.includeUsage || this.#usage === null) return finish;
    return finish + this.#chunk([], writeUsage(this.#usage));
  }

  #delta(delta: Fields): string {
    return this.#choice(delta, null, null);
  }

  #choice(delta: Fields, logprobs: Fields | null, finishReason: string | null): string {
    return this.#chunk([{ index: 0, delta, logprobs, finish_reason: finishReason }], null);
  }

  #chunk(choices: readonly Fields[], usage: Fields | null): string {
    const chunk = {
      id: this.#id,
      object: "chat.completion.chunk",
      created: this.#context.createdAtSeconds,
      model: this.#context.model,
      ...(this.#serviceTier === null ? {} : { service_tier: this.#serviceTier }),
      choices,
      // Where usage comes, every chunk before it has the field.
      ...(this.#context.includeUsage ? { usage } : {}),
    };
    return `data: ${JSON.stringify(chunk)}\n\n`;
  }
}
