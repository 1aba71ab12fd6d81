import type { Usage } from "../contracts/usage.ts";
import type { Answer, AnswerBlock, AnswerEvent, Stop } from "./answer.ts";
import type { Seal } from "./conversation.ts";

/** More of an answer than this is not kept. */
const charactersMax = 16 * 1024 * 1024;

/** Puts the events of a stream together to the answer that the same call would have given without streaming. */
export class AnswerFolder {
  #id = "";
  #model = "";
  #stop: Stop | null = null;
  #usage: Usage | null = null;
  #serviceTier: string | null = null;
  readonly #blocks = new Map<number, OpenBlock>();
  #characters = 0;

  add(event: AnswerEvent): void {
    switch (event.kind) {
      case "start":
        this.#id = event.id;
        this.#model = event.model;
        return;
      case "block-start":
        this.#blocks.set(event.index, { start: event.block, pieces: [], seal: null, logprobs: [] });
        return;
      case "delta": {
        const block = this.#blocks.get(event.index);
        this.#characters += event.text.length;
        if (block === undefined || this.#characters > charactersMax) return;
        block.pieces.push(event.text);
        for (const entry of event.logprobs) block.logprobs.push(entry);
        return;
      }
      case "seal": {
        const block = this.#blocks.get(event.index);
        if (block !== undefined) block.seal = event.seal;
        return;
      }
      case "stop":
        this.#stop = event.stop;
        return;
      case "usage":
        this.#usage = event.usage;
        this.#serviceTier = event.serviceTier ?? this.#serviceTier;
        return;
      case "block-stop":
      case "end":
      case "error":
        return;
    }
  }

  /** More came than is kept. */
  get isTooLarge(): boolean {
    return this.#characters > charactersMax;
  }

  /** What there is of the answer by now. A stop that has not come is `other`, with no word. */
  answer(): Answer {
    return {
      id: this.#id,
      model: this.#model,
      blocks: [...this.#blocks].toSorted(([left], [right]) => left - right).map(([, block]) => closed(block)),
      stop: this.#stop ?? { unified: "other", raw: "", sequence: null },
      usage: this.#usage,
      serviceTier: this.#serviceTier,
    };
  }
}

interface OpenBlock {
  readonly start: Extract<AnswerEvent, { kind: "block-start" }>["block"];
  readonly pieces: string[];
  readonly logprobs: unknown[];
  seal: Seal | null;
}

function closed({ start, pieces, seal, logprobs }: OpenBlock): AnswerBlock {
  const text = pieces.join("");
  switch (start.kind) {
    case "text":
      return { kind: "text", text, logprobs };
    case "thinking":
      return { kind: "thinking", text, seal };
    case "refusal":
      return { kind: "refusal", text };
    case "redacted-thinking":
      return { kind: "redacted-thinking", seal: start.seal };
    case "tool-call":
      // A tool that takes nothing is called with no pieces at all.
      return { kind: "tool-call", id: start.id, name: start.name, arguments: text === "" ? "{}" : text };
  }
}
