import type { Answer, AnswerBlock, AnswerEvent, BlockStart } from "../answer.ts";
import type { Seal } from "../conversation.ts";
import type { AnswerContext, AnswerWriter } from "../dialect.ts";
import type { Fields } from "./findings.ts";
import { outputItemId, writeOutputItem } from "./output-item.ts";
import { contentOf } from "./stop.ts";
import { streamForms, type StreamedItem, type Told } from "./stream-forms.ts";
import { endedResponse, itemSuffix, openedResponse } from "./write-answer.ts";

/** A block that is being written: one output item. */
interface OpenBlock extends StreamedItem {
  readonly start: BlockStart;
  readonly pieces: string[];
  readonly logprobs: unknown[];
  seal: Seal | null;
  /** The block and its item, once it is whole. */
  whole: { readonly block: AnswerBlock; readonly item: Fields } | null;
}

/** Writes a streamed response, in which every block is an output item of its own. */
export class ResponseWriter implements AnswerWriter {
  readonly #context: AnswerContext;
  readonly #blocks = new Map<number, OpenBlock>();
  #sequence = 0;
  #answer: Pick<Answer, "id" | "stop" | "usage" | "serviceTier"> = {
    id: "",
    stop: { unified: "other", raw: "", sequence: null },
    usage: null,
    serviceTier: null,
  };

  constructor(context: AnswerContext) {
    this.#context = context;
  }

  write(event: AnswerEvent): string {
    switch (event.kind) {
      case "start": {
        this.#answer = { ...this.#answer, id: event.id };
        const response = openedResponse(event.id, this.#context);
        return this.#events([
          ["response.created", { response }],
          ["response.in_progress", { response }],
        ]);
      }
      case "block-start":
        return this.#open(event.index, event.block);
      case "delta": {
        const open = this.#blocks.get(event.index);
        if (open === undefined || (event.text === "" && event.logprobs.length === 0)) return "";
        const told = streamForms[open.start.kind].continued(open, event.text, event.logprobs, open.pieces.length === 0);
        open.pieces.push(event.text);
        for (const entry of event.logprobs) open.logprobs.push(entry);
        return this.#events(told);
      }
      case "seal": {
        const open = this.#blocks.get(event.index);
        if (open !== undefined) open.seal = event.seal;
        return "";
      }
      case "block-stop":
        return this.#close(this.#blocks.get(event.index));
      case "stop":
        this.#answer = { ...this.#answer, stop: event.stop };
        return "";
      case "usage":
        this.#answer = { ...this.#answer, usage: event.usage, serviceTier: event.serviceTier };
        return "";
      case "end":
      case "error":
        return "";
    }
  }

  endText(): string {
    const whole = [...this.#blocks.values()].map((open) => open.whole).filter((whole) => whole !== null);
    const blocks = whole.map(({ block }) => block);
    const items = whole.map(({ item }) => item);
    const response = endedResponse(this.#answer, contentOf(blocks), items, this.#context);
    return this.#events([[response["status"] === "incomplete" ? "response.incomplete" : "response.completed", { response }]]);
  }

  #open(index: number, start: BlockStart): string {
    const empty = wholeBlock(start, "", null, []);
    const id = outputItemId(empty, itemSuffix(this.#context, index));
    const open = { id, outputIndex: this.#blocks.size, start, pieces: [], logprobs: [], seal: null, whole: null };
    this.#blocks.set(index, open);
    return this.#events(streamForms[start.kind].opened(open, writeOutputItem(empty, id)));
  }

  #close(open: OpenBlock | undefined): string {
    if (open === undefined) return "";
    const block = wholeBlock(open.start, open.pieces.join(""), open.seal, open.logprobs);
    const item = writeOutputItem(block, open.id);
    open.whole = { block, item };
    return this.#events([
      ...streamForms[open.start.kind].closed(open, block),
      ["response.output_item.done", { output_index: open.outputIndex, item }],
    ]);
  }

  #events(told: readonly Told[]): string {
    return told
      .map(([type, fields]) => {
        const data = { type, sequence_number: this.#sequence++, ...fields };
        return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
      })
      .join("");
  }
}

function wholeBlock(start: BlockStart, text: string, seal: Seal | null, logprobs: readonly unknown[]): AnswerBlock {
  switch (start.kind) {
    case "text":
      return { kind: "text", text, logprobs };
    case "refusal":
      return { kind: "refusal", text };
    case "thinking":
      return { kind: "thinking", text, seal };
    case "redacted-thinking":
      return { kind: "redacted-thinking", seal: start.seal };
    case "tool-call":
      // A tool that takes nothing is called with no pieces at all.
      return { kind: "tool-call", id: start.id, name: start.name, arguments: text === "" ? "{}" : text };
  }
}
