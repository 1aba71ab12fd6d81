import type { Usage } from "../../contracts/usage.ts";
import type { AnswerEvent, BlockStart, Stop } from "../answer.ts";
import type { AnswerContext, AnswerWriter } from "../dialect.ts";
import { sealText } from "../seal.ts";
import { messageHead, redactedThinkingBlock, saidNever, textBlock, thinkingBlock, toolUseBlock } from "./answer-words.ts";
import type { Fields } from "./request-fields.ts";
import { stopReasonOf } from "./stop-reason.ts";
import { writeUsage } from "./usage.ts";

type BlockEvent = Extract<AnswerEvent, { readonly index: number }>;

/** How more of a block is told. */
const deltas = {
  text: { type: "text_delta", field: "text" },
  refusal: { type: "text_delta", field: "text" },
  thinking: { type: "thinking_delta", field: "thinking" },
  "tool-call": { type: "input_json_delta", field: "partial_json" },
  "redacted-thinking": null,
} as const satisfies Record<BlockStart["kind"], { readonly type: string; readonly field: string } | null>;

/** The block that is being written. */
interface OpenBlock {
  readonly index: number;
  readonly kind: BlockStart["kind"];
}

/**
 * Writes a streamed message. Clients of this dialect know one open block at a time: what comes of another one is held
 * until its turn. Usage and stop are told at the end, when both are sure.
 */
export class MessagesWriter implements AnswerWriter {
  readonly #context: AnswerContext;
  readonly #held = new Map<number, BlockEvent[]>();
  #open: OpenBlock | null = null;
  /** Blocks that were started. */
  #blockCount = 0;
  #callsTools = false;
  #stop: Stop = { unified: "other", raw: "", sequence: null };
  #usage: Usage | null = null;
  #serviceTier: string | null = null;

  constructor(context: AnswerContext) {
    this.#context = context;
  }

  write(event: AnswerEvent): string {
    switch (event.kind) {
      case "start":
        return this.#messageStart(event.id);
      case "block-start":
      case "delta":
      case "seal":
      case "block-stop":
        return this.#blockText(event);
      case "stop":
        this.#stop = event.stop;
        return "";
      case "usage":
        this.#usage = event.usage;
        this.#serviceTier = event.serviceTier ?? this.#serviceTier;
        return "";
      case "end":
        return this.#rest();
      case "error":
        return "";
    }
  }

  endText(): string {
    return eventText("message_stop", {});
  }

  #messageStart(id: string): string {
    const head = messageHead(id, this.#context);
    // Zeros: other providers count at the end.
    const usage = writeUsage(null, null);
    return eventText("message_start", { message: { ...head, content: [], stop_reason: null, stop_sequence: null, ...saidNever, usage } });
  }

  #blockText(event: BlockEvent): string {
    if (this.#open !== null && this.#open.index !== event.index) {
      const held = this.#held.get(event.index);
      if (held === undefined) this.#held.set(event.index, [event]);
      else held.push(event);
      return "";
    }
    const text = this.#tell(event);
    return event.kind === "block-stop" ? text + this.#release() : text;
  }

  /** What was held, up to a block that is not stopped yet. */
  #release(): string {
    const texts: string[] = [];
    for (const [index, events] of this.#held) {
      if (this.#open !== null) break;
      this.#held.delete(index);
      for (const event of events) texts.push(this.#tell(event));
    }
    return texts.join("");
  }

  #tell(event: BlockEvent): string {
    if (event.kind === "block-start") {
      this.#open = { index: event.index, kind: event.block.kind };
      this.#callsTools ||= event.block.kind === "tool-call";
      this.#blockCount += 1;
      return this.#indexed("content_block_start", { content_block: emptyBlock(event.block) });
    }
    // After its stop, nothing of a block can be told.
    if (this.#open === null) return "";
    switch (event.kind) {
      case "delta": {
        const delta = deltas[this.#open.kind];
        if (delta === null || event.text === "") return "";
        return this.#indexed("content_block_delta", { delta: { type: delta.type, [delta.field]: event.text } });
      }
      case "seal":
        return this.#indexed("content_block_delta", {
          delta: { type: "signature_delta", signature: sealText(event.seal, "messages") },
        });
      case "block-stop":
        this.#open = null;
        return this.#indexed("content_block_stop", {});
    }
  }

  /** The blocks that were not stopped, then what the whole message is told with. */
  #rest(): string {
    const texts: string[] = [];
    while (this.#open !== null) texts.push(this.#blockText({ kind: "block-stop", index: this.#open.index }));
    const delta = {
      stop_reason: stopReasonOf(this.#stop, this.#callsTools),
      stop_sequence: this.#stop.sequence,
      ...saidNever,
    };
    texts.push(eventText("message_delta", { delta, usage: writeUsage(this.#usage, this.#serviceTier) }));
    return texts.join("");
  }

  #indexed(type: string, fields: Fields): string {
    return eventText(type, { index: this.#blockCount - 1, ...fields });
  }
}

/** A block as it is before its pieces come. */
function emptyBlock(block: BlockStart): Fields {
  switch (block.kind) {
    case "text":
    case "refusal":
      return textBlock("");
    case "thinking":
      return thinkingBlock("", "");
    case "redacted-thinking":
      return redactedThinkingBlock(sealText(block.seal, "messages"));
    case "tool-call":
      return toolUseBlock(block.id, block.name, {});
  }
}

function eventText(type: string, fields: Fields): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}
