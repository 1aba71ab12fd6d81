import { errors, failure, type Failure } from "../../contracts/error.ts";
import { asRecord, parseJson } from "../../gateway/json.ts";
import type { ServerSentEvent } from "../../gateway/sse.ts";
import type { AnswerEvent, BlockStart } from "../answer.ts";
import type { AnswerReader } from "../dialect.ts";
import { providerWords } from "../provider-words.ts";
import type { Fields } from "./findings.ts";
import { logprobsOf, readOutputItem, readPart } from "./output-item.ts";
import { mayBeRedacted } from "./reasoning-item.ts";
import { readStop } from "./stop.ts";
import { StreamBlocks } from "./stream-blocks.ts";
import { readUsage } from "./usage.ts";

/** What the events that came so far leave for those that follow. */
interface StreamState {
  readonly blocks: StreamBlocks;
  /** By output index: how the block of a call starts. */
  readonly calls: Map<number, BlockStart>;
  /** By output index: which of the two tellings of its thinking came first, and how many parts of it have passed. */
  readonly thoughts: Map<number, { readonly telling: Telling; part: number }>;
  /** Output indexes and ids of items that had events of their own. */
  readonly seen: Set<unknown>;
}

type Telling = "content" | "summary";

/** `false`: the event lacks what it must say, or continues what has ended. */
type Handler = (state: StreamState, event: Fields, item: number) => boolean;

/** By the type of the event. Items and parts tell themselves whole when they are done; the other `done` events add nothing. */
const handlers: ReadonlyMap<unknown, Handler> = new Map<unknown, Handler>([
  ["response.output_item.added", openItem],
  ["response.content_part.added", openPart],
  ["response.output_text.delta", (state, event, item) => addText(state, event, item, "text")],
  ["response.refusal.delta", (state, event, item) => addText(state, event, item, "refusal")],
  ["response.function_call_arguments.delta", addArguments],
  ["response.reasoning_text.delta", (state, event, item) => addThought(state, event, item, "content")],
  ["response.reasoning_summary_part.added", (state, event, item) => addThought(state, { ...event, delta: "" }, item, "summary")],
  ["response.reasoning_summary_text.delta", (state, event, item) => addThought(state, event, item, "summary")],
  ["response.content_part.done", closePart],
  ["response.output_item.done", closeItem],
]);

/** The whole response, which is told again by its last event. */
const lastTypes: ReadonlyMap<unknown, string> = new Map([
  ["response.completed", "completed"],
  ["response.incomplete", "incomplete"],
]);
const errorTypes: ReadonlySet<unknown> = new Set(["error", "response.failed"]);

/** Reads the events of a streamed response. The last one, `response.completed` or `response.incomplete`, is its end mark. */
export class ResponseReader implements AnswerReader {
  readonly #state: StreamState = { blocks: new StreamBlocks(), calls: new Map(), thoughts: new Map(), seen: new Set() };
  #hasStarted = false;
  #hasEnded = false;

  read({ data }: ServerSentEvent): readonly AnswerEvent[] | Failure {
    // Some servers end every stream as chat completions end; here that mark says nothing.
    if (this.#hasEnded || data === null || data === "[DONE]") return [];
    const event = asRecord(parseJson(data));
    if (event === null) return failure("upstream_invalid_response", "The provider sent a stream event that is not a JSON object.");
    const { type } = event;
    if (errorTypes.has(type) || (type === undefined && asRecord(event["error"]) !== null)) return [this.#fail(event)];
    const response = asRecord(event["response"]);
    const handler = handlers.get(type);
    if (response === null && handler === undefined) return [];
    const first = this.#hasStarted ? [] : [this.#start(response)];
    if (handler !== undefined) {
      const item = event["output_index"];
      if (typeof item !== "number" || !handler(this.#state, event, item)) {
        return failure("upstream_invalid_response", `The provider sent a \`${String(type)}\` event that cannot be read.`);
      }
    }
    const status = lastTypes.get(type);
    const last = response === null || status === undefined ? [] : this.#end(response, status);
    if (last === null) return failure("upstream_invalid_response", "The provider sent a response whose `output` cannot be read.");
    return [...first, ...this.#state.blocks.take(), ...last];
  }

  #start(response: Fields | null): AnswerEvent {
    this.#hasStarted = true;
    return { kind: "start", id: textOf(response?.["id"]), model: textOf(response?.["model"]) };
  }

  #fail(event: Fields): AnswerEvent {
    this.#hasEnded = true;
    const nested = asRecord(event["response"])?.["error"] ?? event["error"];
    const error = asRecord(nested) ?? event;
    const raw = [error["code"], error["type"]].find((word) => typeof word === "string" && word !== "");
    return {
      kind: "error",
      message: providerWords({ error: nested ?? event["message"] }) ?? errors.upstream_error.publicText,
      raw: textOf(raw),
    };
  }

  /** `null`: an item that had no events of its own cannot be read. */
  #end(response: Fields, status: string): readonly AnswerEvent[] | null {
    const { blocks, seen } = this.#state;
    const output: readonly unknown[] = Array.isArray(response["output"]) ? response["output"] : [];
    for (const [index, item] of output.entries()) {
      if (seen.has(index) || seen.has(asRecord(item)?.["id"])) continue;
      if (!finishItem(blocks, item, index)) return null;
    }
    blocks.finishAll();
    this.#hasEnded = true;
    const reason = asRecord(response["incomplete_details"])?.["reason"];
    const usage = readUsage(response["usage"]);
    const tier = response["service_tier"];
    return [
      { kind: "stop", stop: readStop(response["status"] ?? status, reason, blocks.content) },
      ...(usage === null ? [] : [{ kind: "usage", usage, serviceTier: typeof tier === "string" ? tier : null } as const]),
      { kind: "end" },
    ];
  }
}

function openItem(state: StreamState, event: Fields, item: number): boolean {
  const added = asRecord(event["item"]);
  if (added === null) return false;
  see(state, added, item);
  if (added["type"] === "reasoning" && !mayBeRedacted(added["id"])) state.blocks.start(item, 0, { kind: "thinking" });
  if (added["type"] !== "function_call") return true;
  const [call] = readOutputItem({ ...added, arguments: "" }) ?? [];
  if (call?.block.kind !== "tool-call") return false;
  const start = { kind: "tool-call", id: call.block.id, name: call.block.name } as const;
  state.calls.set(item, start);
  state.blocks.start(item, 0, start);
  return true;
}

function openPart(state: StreamState, event: Fields, item: number): boolean {
  const block = readPart(event["part"]);
  if (block?.kind === "text" || block?.kind === "refusal") state.blocks.start(item, partOf(event), { kind: block.kind });
  return true;
}

function addText(state: StreamState, event: Fields, item: number, kind: "text" | "refusal"): boolean {
  const { delta } = event;
  return typeof delta === "string" && state.blocks.add(item, partOf(event), { kind }, delta, logprobsOf(event["logprobs"]));
}

function addArguments(state: StreamState, event: Fields, item: number): boolean {
  const { delta } = event;
  const start = state.calls.get(item);
  return typeof delta === "string" && start !== undefined && state.blocks.add(item, 0, start, delta, []);
}

/** Parts of a summary are paragraphs. Where a model's thinking is told twice, what comes first stands. */
function addThought(state: StreamState, event: Fields, item: number, telling: Telling): boolean {
  const { delta } = event;
  const thought = state.thoughts.get(item) ?? { telling, part: 0 };
  state.thoughts.set(item, thought);
  if (typeof delta !== "string") return false;
  if (thought.telling !== telling) return true;
  const part = telling === "summary" && Number.isSafeInteger(event["summary_index"]) ? Number(event["summary_index"]) : 0;
  const text = part > thought.part ? `\n\n${delta}` : delta;
  thought.part = Math.max(part, thought.part);
  return state.blocks.add(item, 0, { kind: "thinking" }, text, []);
}

function closePart(state: StreamState, event: Fields, item: number): boolean {
  const block = readPart(event["part"]);
  if (block !== null) state.blocks.finish(item, { part: partOf(event), block });
  return true;
}

function closeItem(state: StreamState, event: Fields, item: number): boolean {
  const done = asRecord(event["item"]);
  if (done === null) return false;
  see(state, done, item);
  return finishItem(state.blocks, done, item);
}

function finishItem(blocks: StreamBlocks, value: unknown, item: number): boolean {
  const placed = readOutputItem(value);
  for (const block of placed ?? []) blocks.finish(item, block);
  return placed !== null;
}

function see({ seen }: StreamState, item: Fields, index: number): void {
  seen.add(index);
  if (typeof item["id"] === "string") seen.add(item["id"]);
}

function partOf(event: Fields): number {
  return typeof event["content_index"] === "number" ? event["content_index"] : 0;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
