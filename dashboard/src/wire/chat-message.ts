import * as z from "zod";
import { contentSchema, readContent } from "./content.ts";
import { message, unreadMessage, type Message, type Part } from "./message.ts";

const text = z.string().catch("");
const callSchema = z.object({
  id: text,
  function: z.object({ name: text, arguments: text }).optional().catch(undefined),
  custom: z.object({ name: text, input: text }).optional().catch(undefined),
});
const messageSchema = z.object({
  role: text,
  name: text,
  tool_call_id: text,
  content: contentSchema.nullish().catch(null),
  reasoning_content: text,
  reasoning: text,
  refusal: text,
  audio: z.object({ transcript: text }).nullish().catch(null),
  tool_calls: z.array(callSchema).nullish().catch(null),
  function_call: z.object({ name: text, arguments: text }).nullish().catch(null),
});

/** A message of OpenAI's chat format → a turn; lenient: what cannot be read is shown as it is. */
export function readChatMessage(value: unknown): Message {
  const parsed = messageSchema.safeParse(value);
  if (!parsed.success) return unreadMessage(value);
  const sent = parsed.data;
  const reasoning = sent.reasoning_content || sent.reasoning;
  return message(sent.role, {
    name: sent.name,
    toolCallId: sent.tool_call_id,
    parts: [
      ...(reasoning === "" ? [] : [{ kind: "reasoning", text: reasoning } as const]),
      ...readContent(sent.content ?? [], readPart),
      ...(sent.audio ? [{ kind: "attachment", label: `audio: ${sent.audio.transcript || "no transcript"}` } as const] : []),
      ...(sent.refusal === "" ? [] : [{ kind: "refusal", text: sent.refusal } as const]),
    ],
    toolCalls: [
      ...(sent.tool_calls ?? []).map((call) => ({
        id: call.id,
        name: call.function?.name ?? call.custom?.name ?? "",
        argumentsText: call.function?.arguments ?? call.custom?.input ?? "",
      })),
      ...(sent.function_call ? [{ id: "", name: sent.function_call.name, argumentsText: sent.function_call.arguments }] : []),
    ],
  });
}

const partSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), text: z.string() }).transform((part): Part => ({ kind: "text", text: part.text })),
  z.object({ type: z.literal("refusal"), refusal: z.string() }).transform((part): Part => ({ kind: "refusal", text: part.refusal })),
  z
    .object({ type: z.literal("image_url"), image_url: z.object({ url: z.string() }) })
    .transform((part): Part => ({ kind: "image", url: part.image_url.url })),
  z
    .object({ type: z.literal("input_audio"), input_audio: z.object({ format: text }) })
    .transform((part): Part => ({ kind: "attachment", label: `audio ${part.input_audio.format}`.trim() })),
  z
    .object({ type: z.literal("file"), file: z.object({ filename: text, file_id: text }) })
    .transform((part): Part => ({ kind: "attachment", label: `file ${part.file.filename || part.file.file_id}`.trim() })),
]);

function readPart(value: unknown): readonly Part[] {
  const parsed = partSchema.safeParse(value);
  return [parsed.success ? parsed.data : { kind: "other", value }];
}
