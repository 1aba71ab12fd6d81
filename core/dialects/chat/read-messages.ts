import type { Block, CacheMark, ThinkingBlock, RedactedThinkingBlock, ToolCallBlock, ToolResultBlock, Turn } from "../conversation.ts";
import type { FieldReader } from "./field-reader.ts";
import { assistantParts, readCache, readContent, systemParts, toolParts, userParts } from "./read-parts.ts";
import { readThinkingBlock } from "./thinking-blocks.ts";

type Fields = Readonly<Record<string, unknown>>;
type MessageReader = (message: Fields, path: string, reader: FieldReader) => Block[];

/** The messages in their order. What tools gave back in a row becomes one turn. */
export function readMessages(value: unknown, reader: FieldReader): readonly Turn[] {
  const messages = reader.list(value, "messages");
  if (messages.length === 0) reader.refuse("messages", "must hold at least one message");
  const turns: Turn[] = [];
  let results: ToolResultBlock[] | null = null;
  for (const [index, element] of messages.entries()) {
    const path = `messages.${index}`;
    const message = reader.fields(element, path);
    const { role } = message;
    if (role === "tool") {
      if (results === null) turns.push({ role: "user", blocks: (results = []) });
      results.push(readToolResult(message, path, reader));
      continue;
    }
    results = null;
    if (role !== "system" && role !== "developer" && role !== "user" && role !== "assistant") {
      reader.refuse(`${path}.role`, "must be one of system, developer, user, assistant, tool");
      continue;
    }
    const blocks = messageReaders[role](message, path, reader);
    turns.push({ role, blocks: markLast(blocks, readCache(message, path, reader), path, reader) });
  }
  return turns;
}

const readSystem: MessageReader = (message, path, reader) => {
  reader.keepRest(message, messageNames, path);
  return readContent(message["content"], `${path}.content`, systemParts, reader);
};

const messageReaders = {
  system: readSystem,
  developer: readSystem,
  user: (message, path, reader) => {
    reader.keepRest(message, messageNames, path);
    return readContent(message["content"], `${path}.content`, userParts, reader);
  },
  assistant: (message, path, reader) => {
    reader.keepRest(message, assistantNames, path);
    const refusal = reader.text(message["refusal"], `${path}.refusal`);
    return [
      ...readThinking(message, path, reader),
      ...readContent(message["content"], `${path}.content`, assistantParts, reader),
      ...(refusal === null || refusal === "" ? [] : [{ kind: "refusal" as const, text: refusal }]),
      ...readToolCalls(message["tool_calls"], `${path}.tool_calls`, reader),
    ];
  },
} as const satisfies Record<Turn["role"], MessageReader>;

const messageNames: ReadonlySet<string> = new Set(["role", "content", "cache_control"]);
const toolMessageNames: ReadonlySet<string> = new Set([...messageNames, "tool_call_id"]);
const assistantNames: ReadonlySet<string> = new Set([
  ...messageNames,
  "refusal",
  "tool_calls",
  "reasoning_content",
  "reasoning",
  "thinking_blocks",
  // OpenAI's own clients send an answer back with what they made of its content.
  "parsed",
]);

function readToolResult(message: Fields, path: string, reader: FieldReader): ToolResultBlock {
  reader.keepRest(message, toolMessageNames, path);
  return {
    kind: "tool-result",
    callId: reader.requiredText(message["tool_call_id"], `${path}.tool_call_id`),
    blocks: readContent(message["content"], `${path}.content`, toolParts, reader),
    isError: false,
    cache: readCache(message, path, reader),
  };
}

/** `thinking_blocks` says all that `reasoning_content` says, which is then only there to be read by people. */
function readThinking(message: Fields, path: string, reader: FieldReader): (ThinkingBlock | RedactedThinkingBlock)[] {
  const entries = reader.list(message["thinking_blocks"], `${path}.thinking_blocks`);
  if (entries.length === 0) {
    const name = typeof message["reasoning_content"] === "string" || message["reasoning"] === undefined ? "reasoning_content" : "reasoning";
    const text = reader.text(message[name], `${path}.${name}`) ?? "";
    return text === "" ? [] : [{ kind: "thinking", text, seal: null }];
  }
  const blocks: (ThinkingBlock | RedactedThinkingBlock)[] = [];
  for (const [index, entry] of entries.entries()) {
    const block = readThinkingBlock(entry);
    if (block === null) reader.refuse(`${path}.thinking_blocks.${index}`, "must be a `thinking` or a `redacted_thinking` block");
    else if (block.kind !== "thinking" || block.text !== "" || block.seal !== null) blocks.push(block);
  }
  return blocks;
}

function readToolCalls(value: unknown, path: string, reader: FieldReader): ToolCallBlock[] {
  const blocks: ToolCallBlock[] = [];
  for (const [index, element] of reader.list(value, path).entries()) {
    const place = `${path}.${index}`;
    const call = reader.fields(element, place);
    const type = reader.text(call["type"], `${place}.type`) ?? "function";
    if (type !== "function") {
      reader.extras.set(`${place} (${type})`, call);
      continue;
    }
    const called = reader.fields(call["function"], `${place}.function`);
    reader.keepRest(call, toolCallNames, place);
    reader.keepRest(called, calledNames, `${place}.function`);
    blocks.push({
      kind: "tool-call",
      id: reader.requiredText(call["id"], `${place}.id`),
      name: reader.requiredText(called["name"], `${place}.function.name`),
      // A tool that takes nothing is called with no text at all by some.
      arguments: reader.text(called["arguments"], `${place}.function.arguments`) || "{}",
      cache: readCache(call, place, reader),
    });
  }
  return blocks;
}

// `index` and `parsed_arguments` are left over from an answer that was streamed or parsed.
const toolCallNames: ReadonlySet<string> = new Set(["id", "type", "function", "index", "cache_control"]);
const calledNames: ReadonlySet<string> = new Set(["name", "arguments", "parsed_arguments"]);

/** A mark beside a message's content stands for one on the last block of it. */
function markLast(blocks: Block[], cache: CacheMark, path: string, reader: FieldReader): Block[] {
  if (cache === null) return blocks;
  const at = blocks.findLastIndex((block) => "cache" in block);
  const block = blocks[at];
  if (block === undefined || !("cache" in block)) reader.extras.set(`${path}.cache_control`, cache);
  else blocks[at] = { ...block, cache };
  return blocks;
}
