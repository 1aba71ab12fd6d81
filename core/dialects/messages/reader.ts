import { errors, failure, type Failure } from "../../contracts/error.ts";
import { asRecord, parseJson } from "../../gateway/json.ts";
import type { ServerSentEvent } from "../../gateway/sse.ts";
import type { AnswerEvent, BlockStart } from "../answer.ts";
import type { AnswerReader } from "../dialect.ts";
import { providerWords } from "../provider-words.ts";
import { readSeal } from "../seal.ts";
import type { Fields } from "./request-fields.ts";
import { readStop } from "./stop-reason.ts";
import { readToolInput } from "./tool-input.ts";
import { readUsage, usageFields } from "./usage.ts";

type Events = readonly AnswerEvent[];
const nothing: Events = [];

/** A content block that has started. */
interface OpenBlock {
  /** Its number among those that are read; `null`: it is of the provider's own tools. */
  readonly index: number | null;
  readonly kind: BlockStart["kind"] | null;
  /** A tool call's whole arguments, where they came with its start; they count unless pieces follow. */
  argumentsText: string;
}

/** Of each kind of piece: the field that holds it, and the block that it may stand in. Others say nothing that is read. */
const pieces: ReadonlyMap<unknown, { readonly field: string; readonly kind: BlockStart["kind"] }> = new Map([
  ["text_delta", { field: "text", kind: "text" }],
  ["input_json_delta", { field: "partial_json", kind: "tool-call" }],
  ["thinking_delta", { field: "thinking", kind: "thinking" }],
  ["signature_delta", { field: "signature", kind: "thinking" }],
]);

/**
 * Reads the events of a streamed message. Counts are cumulative: of each, the latest that is given stands, so that a
 * start's count is kept where a later block is silent about it.
 */
export class MessagesReader implements AnswerReader {
  readonly #blocks = new Map<unknown, OpenBlock>();
  #blockCount = 0;
  readonly #usage: Record<string, unknown> = {};
  #hasEnded = false;

  read(event: ServerSentEvent): Events | Failure {
    // Some providers send another dialect's end mark after their own.
    if (event.data === null || this.#hasEnded) return nothing;
    const data = asRecord(parseJson(event.data));
    if (data === null) return failure("upstream_invalid_response", "The provider sent a stream event that is not a JSON object.");
    switch (data["type"]) {
      case "message_start":
        return this.#readStart(asRecord(data["message"]) ?? {});
      case "content_block_start":
        return this.#readBlockStart(data["index"], asRecord(data["content_block"]));
      case "content_block_delta":
        return this.#readDelta(data["index"], asRecord(data["delta"]));
      case "content_block_stop":
        return this.#readBlockStop(data["index"]);
      case "message_delta":
        return this.#readMessageDelta(asRecord(data["delta"]) ?? {}, data["usage"]);
      case "message_stop":
        this.#hasEnded = true;
        return [{ kind: "end" }];
      case "error":
        this.#hasEnded = true;
        return [readError(data)];
      default:
        return nothing;
    }
  }

  #readStart(message: Fields): Events {
    const { id, model } = message;
    const start = { kind: "start", id: typeof id === "string" ? id : "", model: typeof model === "string" ? model : "" } as const;
    return [start, ...this.#readUsage(message["usage"])];
  }

  #readUsage(block: unknown): Events {
    const counts = asRecord(block);
    if (counts === null) return nothing;
    for (const name of usageFields) this.#usage[name] = counts[name] ?? this.#usage[name];
    const usage = readUsage(this.#usage);
    const tier = this.#usage["service_tier"];
    return usage === null ? nothing : [{ kind: "usage", usage, serviceTier: typeof tier === "string" ? tier : null }];
  }

  #readBlockStart(wireIndex: unknown, fields: Fields | null): Events | Failure {
    if (fields === null) return unreadable("content_block_start");
    const start = startOf(fields);
    if (start === "unreadable") return unreadable("content_block_start");
    if (start === null) {
      this.#blocks.set(wireIndex, { index: null, kind: null, argumentsText: "" });
      return nothing;
    }
    const index = this.#blockCount;
    this.#blockCount += 1;
    const argumentsText = start.kind === "tool-call" ? (readToolInput(fields["input"]) ?? "") : "";
    this.#blocks.set(wireIndex, { index, kind: start.kind, argumentsText: argumentsText === "{}" ? "" : argumentsText });
    const events: AnswerEvent[] = [{ kind: "block-start", index, block: start }];
    const text = start.kind === "text" || start.kind === "thinking" ? fields[start.kind] : undefined;
    if (typeof text === "string" && text !== "") events.push({ kind: "delta", index, text, logprobs: [] });
    if (start.kind === "thinking") events.push(...sealOf(index, fields["signature"]));
    return events;
  }

  #readDelta(wireIndex: unknown, delta: Fields | null): Events | Failure {
    const block = this.#blocks.get(wireIndex);
    if (block === undefined || delta === null) return unreadable("content_block_delta");
    const piece = pieces.get(delta["type"]);
    if (piece === undefined || block.index === null) return nothing;
    const text = delta[piece.field];
    if (block.kind !== piece.kind || typeof text !== "string") return unreadable("content_block_delta");
    if (text === "") return nothing;
    if (piece.field === "signature") return sealOf(block.index, text);
    block.argumentsText = "";
    return [{ kind: "delta", index: block.index, text, logprobs: [] }];
  }

  #readBlockStop(wireIndex: unknown): Events | Failure {
    const block = this.#blocks.get(wireIndex);
    if (block === undefined) return unreadable("content_block_stop");
    this.#blocks.delete(wireIndex);
    const { index, argumentsText } = block;
    if (index === null) return nothing;
    const stop = { kind: "block-stop", index } as const;
    return argumentsText === "" ? [stop] : [{ kind: "delta", index, text: argumentsText, logprobs: [] }, stop];
  }

  #readMessageDelta(delta: Fields, usage: unknown): Events {
    const events = this.#readUsage(usage);
    const reason = delta["stop_reason"];
    return typeof reason === "string" ? [...events, { kind: "stop", stop: readStop(reason, delta["stop_sequence"]) }] : events;
  }
}

/** `null`: a block of a type that is not read. */
function startOf(fields: Fields): BlockStart | "unreadable" | null {
  switch (fields["type"]) {
    case "text":
    case "thinking":
      return { kind: fields["type"] };
    case "redacted_thinking": {
      const { data } = fields;
      return typeof data === "string" ? { kind: "redacted-thinking", seal: readSeal(data, "messages") } : "unreadable";
    }
    case "tool_use": {
      const { id, name } = fields;
      return typeof id === "string" && typeof name === "string" ? { kind: "tool-call", id, name } : "unreadable";
    }
    default:
      return null;
  }
}

function sealOf(index: number, signature: unknown): Events {
  return typeof signature === "string" && signature !== "" ? [{ kind: "seal", index, seal: readSeal(signature, "messages") }] : nothing;
}

function readError(data: Fields): AnswerEvent {
  const type = asRecord(data["error"])?.["type"];
  const message = providerWords(data) ?? errors.upstream_error.publicText;
  return { kind: "error", message, raw: typeof type === "string" ? type : "" };
}

function unreadable(type: string): Failure {
  return failure("upstream_invalid_response", `The provider sent a \`${type}\` that cannot be read.`);
}
