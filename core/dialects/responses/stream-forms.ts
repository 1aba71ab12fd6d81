import type { AnswerBlock, BlockStart } from "../answer.ts";
import type { Fields } from "./findings.ts";
import { writePart } from "./output-item.ts";

/** An event's type, and its fields beside those that every event has. */
export type Told = readonly [type: string, fields: Fields];

/** An output item in a stream. Both stay the same in all its events. */
export interface StreamedItem {
  readonly id: string;
  readonly outputIndex: number;
}

/** The events of one kind of block. Clients fail on a delta whose item or part was not added before it. */
interface StreamForm {
  /** `item`: as it would be if it were whole by now. */
  readonly opened: (at: StreamedItem, item: Fields) => readonly Told[];
  readonly continued: (at: StreamedItem, delta: string, logprobs: readonly unknown[], isFirst: boolean) => readonly Told[];
  /** What comes before `response.output_item.done`. */
  readonly closed: (at: StreamedItem, block: AnswerBlock) => readonly Told[];
}

const messageForm: Pick<StreamForm, "opened" | "closed"> = {
  opened: (at, item) => [
    added(at, { ...item, status: "in_progress", content: [] }),
    ["response.content_part.added", { ...partPlace(at), part: Array.isArray(item["content"]) ? item["content"][0] : null }],
  ],
  closed: (at, block) => {
    if (block.kind !== "text" && block.kind !== "refusal") return [];
    const done: Told =
      block.kind === "text"
        ? ["response.output_text.done", { ...partPlace(at), text: block.text, logprobs: block.logprobs }]
        : ["response.refusal.done", { ...partPlace(at), refusal: block.text }];
    return [done, ["response.content_part.done", { ...partPlace(at), part: writePart(block) }]];
  },
};

/** By the kind of the block. */
export const streamForms: Readonly<Record<BlockStart["kind"], StreamForm>> = {
  text: {
    ...messageForm,
    continued: (at, delta, logprobs) => [["response.output_text.delta", { ...partPlace(at), delta, logprobs }]],
  },
  refusal: {
    ...messageForm,
    continued: (at, delta) => [["response.refusal.delta", { ...partPlace(at), delta }]],
  },
  "tool-call": {
    opened: (at, item) => [added(at, { ...item, status: "in_progress", arguments: "" })],
    continued: (at, delta) => [["response.function_call_arguments.delta", { ...itemPlace(at), delta }]],
    closed: (at, block) => {
      if (block.kind !== "tool-call") return [];
      return [["response.function_call_arguments.done", { ...itemPlace(at), name: block.name, arguments: block.arguments }]];
    },
  },
  thinking: {
    opened: (at, item) => [added(at, item)],
    continued: (at, delta, _logprobs, isFirst) => {
      const told: Told = ["response.reasoning_summary_text.delta", { ...summaryPlace(at), delta }];
      const part: Told = ["response.reasoning_summary_part.added", { ...summaryPlace(at), part: { type: "summary_text", text: "" } }];
      return isFirst ? [part, told] : [told];
    },
    closed: (at, block) => {
      if (block.kind !== "thinking" || block.text === "") return [];
      const { text } = block;
      return [
        ["response.reasoning_summary_text.done", { ...summaryPlace(at), text }],
        ["response.reasoning_summary_part.done", { ...summaryPlace(at), part: { type: "summary_text", text } }],
      ];
    },
  },
  "redacted-thinking": {
    opened: (at, item) => [added(at, item)],
    continued: () => [],
    closed: () => [],
  },
};

function added({ outputIndex }: StreamedItem, item: Fields): Told {
  return ["response.output_item.added", { output_index: outputIndex, item }];
}

function itemPlace({ id, outputIndex }: StreamedItem): Fields {
  return { item_id: id, output_index: outputIndex };
}

function partPlace(at: StreamedItem): Fields {
  return { ...itemPlace(at), content_index: 0 };
}

function summaryPlace(at: StreamedItem): Fields {
  return { ...itemPlace(at), summary_index: 0 };
}
