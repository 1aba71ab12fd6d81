import type { Span } from "../../contracts/span.ts";
import type { Usage } from "../../contracts/usage.ts";
import { asRecord } from "../../gateway/json.ts";
import { readFinishReason } from "./finish-reason.ts";
import { readUsage } from "./usage.ts";

/** What a span keeps of an answer, plain or streamed. */
export interface AnswerFacts {
  readonly modelServed: string;
  readonly finishReason: Span["finishReason"];
  /** Names of the tools that the model called, each once. */
  readonly toolNames: readonly string[];
  readonly usage: Usage | null;
  readonly usageRaw: string;
  /** Served at the tier that prices are known for: `flex` costs half, `priority` a multiple of it. */
  readonly isUsualTier: boolean;
}

/** What providers call the tier of a call that asked for none. */
const usualTiers: ReadonlySet<unknown> = new Set([undefined, null, "", "auto", "default", "on_demand", "standard"]);

/** Whether a tier, as its provider calls it, costs what the price book says. */
export function isUsualTier(tier: unknown): boolean {
  return usualTiers.has(tier);
}

/** Facts of a call that has no answer to read. */
export const noAnswer: AnswerFacts = { modelServed: "", finishReason: null, toolNames: [], usage: null, usageRaw: "", isUsualTier: true };

/** Gathers the facts from a whole answer, or from the chunks of a stream in their order. */
export class AnswerReader {
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
