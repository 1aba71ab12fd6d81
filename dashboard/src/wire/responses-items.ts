import * as z from "zod";
import { contentSchema, readContent, reasoningPart, type Content } from "./content.ts";
import { message, unreadMessage, type Message, type Part } from "./message.ts";
import { joinTurns } from "./turns.ts";

const text = z.string().catch("");
const label = z.string().nullish().catch(null);

const partSchema = z.discriminatedUnion("type", [
  z
    .object({ type: z.enum(["input_text", "output_text", "text"]), text: z.string() })
    .transform((part): Part => ({ kind: "text", text: part.text })),
  z.object({ type: z.literal("refusal"), refusal: z.string() }).transform((part): Part => ({ kind: "refusal", text: part.refusal })),
  z
    .object({ type: z.literal("input_image"), image_url: label, file_id: label })
    .transform((part): Part =>
      part.image_url ? { kind: "image", url: part.image_url } : { kind: "attachment", label: `image ${part.file_id ?? ""}`.trim() },
    ),
  z.object({ type: z.literal("input_file"), filename: label, file_url: label, file_id: label }).transform((part): Part => {
    const names = [part.filename, part.file_url, part.file_id].filter(Boolean).join(" · ");
    return { kind: "attachment", label: `file ${names}`.trim() };
  }),
  z
    .object({ type: z.literal("input_audio"), input_audio: z.object({ format: text }) })
    .transform((part): Part => ({ kind: "attachment", label: `audio ${part.input_audio.format}`.trim() })),
]);

function readParts(content: Content): readonly Part[] {
  return readContent(content, (value) => {
    const parsed = partSchema.safeParse(value);
    return [parsed.success ? parsed.data : { kind: "other", value }];
  });
}

const thoughts = z.array(z.object({ text: z.string() })).nullish();

const itemSchema = z.discriminatedUnion("type", [
  z
    .object({ type: z.literal("message").optional(), role: z.string(), content: contentSchema })
    .transform((item) => message(item.role, { parts: readParts(item.content) })),
  z
    .object({ type: z.literal("function_call"), call_id: text, name: text, arguments: z.string() })
    .transform((item) => callTurn(item.call_id, item.name, item.arguments)),
  z
    .object({ type: z.literal("custom_tool_call"), call_id: text, name: text, input: z.string() })
    .transform((item) => callTurn(item.call_id, item.name, item.input)),
  z
    .object({ type: z.enum(["function_call_output", "custom_tool_call_output"]), call_id: text, output: contentSchema })
    .transform((item) => message("tool", { toolCallId: item.call_id, parts: readParts(item.output) })),
  z.object({ type: z.literal("reasoning"), summary: thoughts, content: thoughts }).transform((item) => {
    const told = [...(item.summary ?? []), ...(item.content ?? [])].map((thought) => thought.text);
    return message("assistant", { parts: [reasoningPart(told.join("\n\n"))] });
  }),
]);

function callTurn(id: string, name: string, argumentsText: string): Message {
  return message("assistant", { toolCalls: [{ id, name, argumentsText }] });
}

/** One item of OpenAI's Responses API → a turn; items of other types (what hosted tools did) as they are. */
export function readItem(item: unknown): Message {
  const parsed = itemSchema.safeParse(item);
  return parsed.success ? parsed.data : unreadMessage(item);
}

/** A text or a list of items → turns; items of the assistant that follow each other are one. */
export function readItems(input: Content, role: string): readonly Message[] {
  if (typeof input === "string") return input === "" ? [] : [message(role, { parts: readParts(input) })];
  return joinTurns(input.map(readItem), "assistant");
}
