import { eventsOf, fieldsOf, listOf, named, piecesOf, textOf, type Fields } from "./fields.ts";

export const messagesUsage = {
  input_tokens: 60,
  cache_read_input_tokens: 40,
  cache_creation_input_tokens: 0,
  output_tokens: 50,
  output_tokens_details: { thinking_tokens: 20 },
  service_tier: "standard",
} as const;

const text = { type: "text", text: "Hello there.", citations: null } as const;

/** A message; `rest` says what is not usual of it. */
export function messagesAnswer(content: readonly Fields[] = [text], rest: Fields = {}): Fields {
  return {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "claude-sonnet-4-5-20250929",
    content,
    stop_reason: "end_turn",
    stop_sequence: null,
    usage: messagesUsage,
    ...rest,
  };
}

/** The stream that tells a message. */
export function messagesStream({ content, stop_reason, stop_sequence, usage, ...head }: Fields): string {
  const begun = { ...fieldsOf(usage), output_tokens: 1, output_tokens_details: null };
  const message = { ...head, content: [], stop_reason: null, stop_sequence: null, usage: begun };
  const blocks = listOf(content).flatMap((block, index) => {
    const { empty, deltas } = inPieces(block);
    return [
      { type: "content_block_start", index, content_block: empty },
      ...deltas.map((delta) => ({ type: "content_block_delta", index, delta })),
      { type: "content_block_stop", index },
    ];
  });
  return named([
    { type: "message_start", message },
    { type: "ping" },
    ...blocks,
    { type: "message_delta", delta: { stop_reason, stop_sequence }, usage },
    { type: "message_stop" },
  ]);
}

function inPieces(block: Fields): { readonly empty: Fields; readonly deltas: readonly Fields[] } {
  switch (block["type"]) {
    case "text":
      return { empty: { ...block, text: "" }, deltas: piecesOf(block["text"]).map((piece) => ({ type: "text_delta", text: piece })) };
    case "thinking": {
      const deltas = piecesOf(block["thinking"]).map((thinking) => ({ type: "thinking_delta", thinking }));
      const seal = { type: "signature_delta", signature: block["signature"] };
      return { empty: { ...block, thinking: "", signature: "" }, deltas: [...deltas, seal] };
    }
    case "tool_use": {
      const written = JSON.stringify(block["input"]);
      const pieces = written === "{}" ? [""] : piecesOf(written);
      return { empty: { ...block, input: {} }, deltas: pieces.map((piece) => ({ type: "input_json_delta", partial_json: piece })) };
    }
    default:
      return { empty: block, deltas: [] };
  }
}

/** The message that a stream tells; one without an end mark throws. */
export function foldMessages(stream: string): Fields {
  const events = eventsOf(stream);
  if (events.at(-1)?.name !== "message_stop") throw new Error(`no end mark: ${stream.slice(-500)}`);
  let message: Fields = {};
  const blocks: Record<string, unknown>[] = [];
  for (const { data } of events) {
    const delta = fieldsOf(data["delta"]);
    if (data["type"] === "message_start") message = fieldsOf(data["message"]);
    if (data["type"] === "content_block_start") blocks.push({ ...fieldsOf(data["content_block"]) });
    if (data["type"] === "content_block_delta") continueBlock(blocks[Number(data["index"])], delta);
    if (data["type"] === "message_delta") {
      message = { ...message, ...delta, usage: { ...fieldsOf(message["usage"]), ...fieldsOf(data["usage"]) } };
    }
  }
  return {
    ...message,
    content: blocks.map(({ written, ...block }) => (written ? { ...block, input: JSON.parse(textOf(written)) } : block)),
  };
}

const continues = { text_delta: "text", thinking_delta: "thinking", signature_delta: "signature" } as const;

function continueBlock(block: Record<string, unknown> | undefined, delta: Fields): void {
  if (block === undefined) throw new Error("a delta of a block that was not started");
  if (delta["type"] === "input_json_delta") block["written"] = textOf(block["written"]) + textOf(delta["partial_json"]);
  for (const [type, name] of Object.entries(continues)) {
    if (delta["type"] === type) block[name] = textOf(block[name]) + textOf(delta[name]);
  }
}
