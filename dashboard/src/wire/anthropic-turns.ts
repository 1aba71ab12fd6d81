import * as z from "zod";
import { readAnthropicParts } from "./anthropic-parts.ts";
import { contentSchema } from "./content.ts";
import { writeJson } from "./json.ts";
import { message, unreadMessage, type Message } from "./message.ts";
import { joinTurns } from "./turns.ts";

const text = z.string().catch("");

const callSchema = z.object({ type: z.enum(["tool_use", "server_tool_use", "mcp_tool_use"]), id: text, name: text, input: z.unknown() });
const resultSchema = z.object({
  type: z.literal("tool_result"),
  tool_use_id: text,
  content: contentSchema.nullish(),
  is_error: z.boolean().nullish().catch(null),
});
const messageSchema = z.object({ role: z.string(), content: contentSchema });

/** One of Anthropic's messages → its turns: each tool result is one of its own. */
export function readAnthropicMessage(value: unknown): readonly Message[] {
  const parsed = messageSchema.safeParse(value);
  if (!parsed.success) return [unreadMessage(value)];
  const { role, content } = parsed.data;
  if (typeof content === "string" || content.length === 0) return [message(role, { parts: readAnthropicParts(content) })];
  return joinTurns(
    content.map((block) => readAnthropicBlock(block, role)),
    role,
  );
}

/** One block → what it says, or calls, as a turn of `role`; a tool's result as a turn of the tool. */
export function readAnthropicBlock(block: unknown, role: string): Message {
  const result = resultSchema.safeParse(block);
  if (result.success) {
    const { tool_use_id: toolCallId, is_error: isError, content } = result.data;
    return message("tool", { toolCallId, isError: isError ?? false, parts: readAnthropicParts(content ?? []) });
  }
  const call = callSchema.safeParse(block);
  if (!call.success) return message(role, { parts: readAnthropicParts([block]) });
  const { id, name, input } = call.data;
  return message(role, { toolCalls: [{ id, name, argumentsText: inputText(input) }] });
}

/** Arguments that a model wrote wrongly are recorded as the text that they are. */
function inputText(input: unknown): string {
  if (typeof input === "string") return input;
  return input === undefined ? "" : writeJson(input, 0, "nested too deeply to be shown");
}
