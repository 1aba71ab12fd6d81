import { failure, type Failure } from "../../contracts/error.ts";
import { asRecord, parseJson } from "../../gateway/json.ts";
import type { ServerSentEvent } from "../../gateway/sse.ts";
import type { AnswerEvent } from "../answer.ts";
import type { AnswerReader } from "../dialect.ts";
import { providerWords } from "../provider-words.ts";
import { textOf } from "./answer-texts.ts";
import { BlockReader } from "./block-reader.ts";
import { readStop } from "./finish-reason.ts";
import { readUsage } from "./usage.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Reads a stream of `chat.completion.chunk`, of whose choices the first is read. */
export class ChatReader implements AnswerReader {
  readonly #blocks = new BlockReader();
  #phase: "before" | "open" | "stopped" | "ended" = "before";
  #serviceTier: string | null = null;

  read(event: ServerSentEvent): readonly AnswerEvent[] | Failure {
    if (event.data === null || this.#phase === "ended") return [];
    const events = event.data === "[DONE]" ? this.#end() : this.#readData(event.data);
    if ("code" in events) this.#phase = "ended";
    return events;
  }

  #end(): readonly AnswerEvent[] | Failure {
    if (this.#phase === "before") return failure("upstream_invalid_response", "The provider ended its answer before it began.");
    this.#phase = "ended";
    return [...this.#blocks.end(), { kind: "end" }];
  }

  #readData(data: string): readonly AnswerEvent[] | Failure {
    const chunk = asRecord(parseJson(data));
    if (chunk === null) return failure("upstream_invalid_response", "The provider sent a stream event that is not a JSON object.");
    if ((chunk["error"] !== undefined && chunk["error"] !== null) || chunk["object"] === "error") {
      this.#phase = "ended";
      return [errorOf(chunk)];
    }
    this.#serviceTier = textOf(chunk["service_tier"]) || this.#serviceTier;
    const choice = firstChoice(chunk["choices"]);
    // Most chunks have none, and to find that out by its schema takes longer than all else.
    const usage = asRecord(chunk["usage"]) === null ? null : readUsage(chunk["usage"]);
    // Azure's first chunk tells only what it thinks of the prompt.
    if (choice === null && usage === null) return [];
    const start = this.#readStart(chunk);
    const said = choice === null ? [] : this.#readChoice(choice);
    if ("code" in said) return said;
    const counted = usage === null ? [] : [{ kind: "usage" as const, usage, serviceTier: this.#serviceTier }];
    return [...start, ...said, ...counted];
  }

  #readStart(chunk: Fields): readonly AnswerEvent[] {
    if (this.#phase !== "before") return [];
    this.#phase = "open";
    this.#blocks.answerId = textOf(chunk["id"]);
    return [{ kind: "start", id: this.#blocks.answerId, model: textOf(chunk["model"]) }];
  }

  #readChoice(choice: Fields): readonly AnswerEvent[] | Failure {
    // Perplexity sends the whole message so far beside each delta.
    const said = this.#blocks.read(asRecord(choice["delta"] ?? choice["message"]) ?? {}, choice);
    return "code" in said ? said : [...said, ...this.#readFinish(choice)];
  }

  /** Some providers say it again beside the usage. */
  #readFinish(choice: Fields): readonly AnswerEvent[] {
    const stop = readStop(choice["finish_reason"], this.#blocks.signs);
    if (stop === null || this.#phase === "stopped") return [];
    this.#phase = "stopped";
    return [...this.#blocks.end(), { kind: "stop", stop }];
  }
}

function firstChoice(choices: unknown): Fields | null {
  if (!Array.isArray(choices)) return null;
  for (const element of choices) {
    const choice = asRecord(element);
    if (choice !== null && (choice["index"] ?? 0) === 0) return choice;
  }
  return null;
}

function errorOf(chunk: Fields): AnswerEvent {
  const error = asRecord(chunk["error"]) ?? chunk;
  const raw = error["type"] ?? error["code"] ?? "";
  const message = providerWords(chunk) ?? failure("upstream_error").message;
  return { kind: "error", message, raw: typeof raw === "string" || typeof raw === "number" ? String(raw) : "" };
}
