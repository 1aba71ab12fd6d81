import type { Span } from "../../contracts/span.ts";
import { asRecord } from "../../gateway/json.ts";
import { isUsualTier, type AnswerFacts } from "../answer-facts.ts";
import { readFinishReason } from "./finish-reason.ts";
import { readUsage } from "./usage.ts";

/** Gathers the facts from a whole answer, or from the chunks of a stream in their order. */
export class FactsReader {
  #modelServed = "";
  #finishReason: Span["finishReason"] = null;
  #usageBlock: unknown = undefined;
  #serviceTier: unknown = undefined;
  readonly #toolNames = new Set<string>();

  /** `body`: a completion, an embedding list, or one chunk. */
  read(body: Readonly<Record<string, unknown>>): void {
    if (typeof body["model"] === "string" && body["model"] !== "") this.#modelServed = body["model"];
    // Usage is cumulative where a provider sends it more than once: the last block stands, none are summed.
    if (asRecord(body["usage"]) !== null) this.#usageBlock = body["usage"];
    this.#serviceTier = body["service_tier"] ?? this.#serviceTier;
    const choices = body["choices"];
    if (!Array.isArray(choices)) return;
    for (const element of choices) {
      const choice = asRecord(element);
      if (choice === null) continue;
      this.#finishReason = readFinishReason(choice["finish_reason"]) ?? this.#finishReason;
      this.#readToolCalls(asRecord(choice["delta"] ?? choice["message"])?.["tool_calls"]);
    }
  }

  facts(): AnswerFacts {
    return {
      modelServed: this.#modelServed,
      finishReason: this.#finishReason,
      toolNames: [...this.#toolNames],
      usage: readUsage(this.#usageBlock),
      usageRaw: this.#usageBlock === undefined ? "" : JSON.stringify(this.#usageBlock),
      isUsualTier: isUsualTier(this.#serviceTier),
    };
  }

  #readToolCalls(toolCalls: unknown): void {
    if (!Array.isArray(toolCalls)) return;
    for (const toolCall of toolCalls) {
      const name = asRecord(asRecord(toolCall)?.["function"])?.["name"];
      if (typeof name === "string" && name !== "") this.#toolNames.add(name);
    }
  }
}
