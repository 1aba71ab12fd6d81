import { failure } from "../../contracts/error.ts";
import { asRecord, parseJson } from "../../gateway/json.ts";
import { eventsOf } from "../../gateway/sse.ts";
import type { AnswerStream, StreamStep } from "../answer-stream.ts";
import { FactsReader } from "./facts-reader.ts";
import { type AnswerFacts } from "../answer-facts.ts";
import { CompletionBuilder } from "./completion.ts";
import { providerWords } from "../provider-words.ts";

const nothing: StreamStep = { forward: { kind: "text", text: "" }, hasData: false, end: "open" };

/** More of an answer than this is not kept for its record. */
const completionCharactersMax = 16 * 1024 * 1024;

/** OpenAI's end mark, which follows the last chunk. */
export const endMark = "data: [DONE]\n\n";

/**
 * Reads an OpenAI-shaped stream of completion chunks as it passes. Usage comes in a chunk of its own because the
 * gateway asked for it; a client that did not ask does not see that chunk.
 */
export class ChatStream implements AnswerStream {
  readonly cutting = null;
  readonly #reader = new FactsReader();
  /** `null`: the answer is too large to be kept. */
  #builder: CompletionBuilder | null = new CompletionBuilder();
  readonly #hidesUsage: boolean;
  readonly #endsUnmarked: boolean;

  /** `endsUnmarked`: the provider sends no end mark, so its stream is whole when it ends after a finish reason. */
  constructor(options: { readonly hidesUsage: boolean; readonly endsUnmarked?: boolean }) {
    this.#hidesUsage = options.hidesUsage;
    this.#endsUnmarked = options.endsUnmarked ?? false;
  }

  /** `text`: whole events. What comes after the end mark, or after a failure, is not read. */
  read(text: string): StreamStep {
    const kept: string[] = [];
    let isWhole = true;
    let hasData = false;
    for (const event of eventsOf(text)) {
      if (event.data === null) {
        kept.push(event.text);
        continue;
      }
      hasData = true;
      if (event.data === "[DONE]") return { forward: { kind: "text", text: kept.join("") }, hasData, end: "done" };
      const chunk = asRecord(parseJson(event.data));
      if (chunk === null) {
        const fault = failure("upstream_invalid_response", "The provider sent a stream event that is not a JSON object.");
        return { forward: { kind: "text", text: kept.join("") }, hasData, end: fault };
      }
      if ((chunk["error"] !== undefined && chunk["error"] !== null) || chunk["object"] === "error") {
        const fault = failure("upstream_error", providerWords(chunk) ?? undefined);
        return { forward: { kind: "text", text: kept.join("") }, hasData, end: fault };
      }
      this.#reader.read(chunk);
      this.#builder?.add(chunk);
      if (this.#builder !== null && this.#builder.characters > completionCharactersMax) this.#builder = null;
      if (this.#hidesUsage && isUsageOnly(chunk)) isWhole = false;
      else kept.push(event.text);
    }
    return { forward: isWhole ? { kind: "whole" } : { kind: "text", text: kept.join("") }, hasData, end: "open" };
  }

  /**
   * The provider's body has ended. `rest`: what came after its last whole event, where a blank line may be missing.
   * The answer is whole if that is the end mark, or if the provider sends none and has finished; else it was cut.
   */
  end(rest: string): StreamStep {
    const event = `${rest.trimEnd()}\n\n`;
    const step = event === "\n\n" ? nothing : this.read(event);
    const forward = step.forward.kind === "whole" ? { kind: "text" as const, text: event } : step.forward;
    if (step.end === "done" || (step.end !== "open" && step.end.code === "upstream_error")) return { ...step, forward };
    const isWhole = step.end === "open" && this.#endsUnmarked && this.#reader.facts().finishReason !== null;
    return { forward, hasData: step.hasData, end: isWhole ? "done" : failure("upstream_cut") };
  }

  facts(): AnswerFacts {
    return this.#reader.facts();
  }

  /** As a completion. */
  output(): Readonly<Record<string, unknown>> | "too-large" | null {
    return this.#builder === null ? "too-large" : this.#builder.completion();
  }

  endText(): string {
    return endMark;
  }
}

function isUsageOnly(chunk: Readonly<Record<string, unknown>>): boolean {
  return Array.isArray(chunk["choices"]) && chunk["choices"].length === 0 && asRecord(chunk["usage"]) !== null;
}
