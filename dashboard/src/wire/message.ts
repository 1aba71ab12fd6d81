import * as z from "zod";

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** As the model wrote them: JSON text, or what was meant to be. */
  readonly argumentsText: string;
}

export type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "reasoning"; readonly text: string }
  | { readonly kind: "refusal"; readonly text: string }
  | { readonly kind: "image"; readonly url: string }
  | { readonly kind: "attachment"; readonly label: string }
  /** A part of a type that this page does not know. */
  | { readonly kind: "other"; readonly value: unknown };

/** One turn of a conversation, in the same shape whatever sent it. */
export interface Message {
  readonly role: string;
  readonly name: string;
  /** The call that a `tool` message answers; empty otherwise. */
  readonly toolCallId: string;
  readonly parts: readonly Part[];
  readonly toolCalls: readonly ToolCall[];
}

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
  content: z
    .union([z.string(), z.array(z.unknown())])
    .nullish()
    .catch(null),
  reasoning_content: text,
  reasoning: text,
  refusal: text,
  audio: z.object({ transcript: text }).nullish().catch(null),
  tool_calls: z.array(callSchema).nullish().catch(null),
  function_call: z.object({ name: text, arguments: text }).nullish().catch(null),
});

/** A message of OpenAI's chat format → a turn; lenient: what cannot be read is shown as it is. */
export function readMessage(value: unknown): Message {
  const parsed = messageSchema.safeParse(value);
  if (!parsed.success) return { role: "unknown", name: "", toolCallId: "", parts: [{ kind: "other", value }], toolCalls: [] };
  const sent = parsed.data;
  const reasoning = sent.reasoning_content || sent.reasoning;
  const content = typeof sent.content === "string" ? [{ type: "text", text: sent.content }] : (sent.content ?? []);
  return {
    role: sent.role || "unknown",
    name: sent.name,
    toolCallId: sent.tool_call_id,
    parts: [
      ...(reasoning === "" ? [] : [{ kind: "reasoning", text: reasoning } as const]),
      ...content.map(readPart).filter((part) => part.kind !== "text" || part.text !== ""),
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
  };
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

function readPart(value: unknown): Part {
  const parsed = partSchema.safeParse(value);
  return parsed.success ? parsed.data : { kind: "other", value };
}
