import * as z from "zod";
import { parseJson } from "../wire/json.ts";
import type { Message } from "../wire/message.ts";
import { readRequest } from "../wire/request.ts";
import { emptyDraft, type Draft, type Turn } from "./draft.ts";

export type DraftOfCall =
  /** `leftOut`: fields that OpenAI's chat API has no like of, or that cannot be read. */
  { readonly kind: "draft"; readonly draft: Draft; readonly leftOut: readonly string[] } | { readonly kind: "unreadable" };

const bodySchema = z.record(z.string(), z.unknown());
const plainTurn = z.strictObject({ role: z.enum(["system", "user", "assistant"]), content: z.string() });

/** Fields of all three APIs that have a place of their own in a draft; the names of the greatest number of tokens differ. */
const maxTokensFields = ["max_completion_tokens", "max_output_tokens", "max_tokens"] as const;
const placed: ReadonlySet<string> = new Set([
  "model",
  "messages",
  "input",
  "system",
  "instructions",
  "temperature",
  "top_p",
  "stream",
  "stream_options",
  ...maxTokensFields,
]);

/** The text of a recorded request, in whichever API → what asks the same again. `model`: of the span, where the body says none. */
export function draftOfCall(text: string, api: string, model: string): DraftOfCall {
  const parsed = parseJson(text);
  const body = bodySchema.safeParse(parsed.kind === "json" ? parsed.value : null).data;
  const view = readRequest(text, api);
  if (body === undefined || view.kind !== "messages") return { kind: "unreadable" };
  const isChat = api === "chat" || (api === "" && Array.isArray(body["messages"]));
  const others = Object.entries(body).filter(([name]) => !placed.has(name));
  const written = Array.isArray(body["messages"]) ? body["messages"] : [];
  return {
    kind: "draft",
    draft: {
      ...emptyDraft,
      turns: (isChat ? written.map(turnOfChat) : view.messages.map(turnOfMessage)).map((turn, at) => ({ id: `call-${at}`, ...turn })),
      models: [typeof body["model"] === "string" ? body["model"] : model],
      temperature: numberText(body["temperature"]),
      topP: numberText(body["top_p"]),
      maxTokens: numberText(maxTokensFields.map((name) => body[name]).find((value) => value !== undefined)),
      otherFields: isChat && others.length > 0 ? JSON.stringify(Object.fromEntries(others), null, 2) : "",
    },
    leftOut: isChat ? [] : others.map(([name]) => name),
  };
}

function numberText(value: unknown): string {
  return typeof value === "number" ? String(value) : "";
}

function turnOfChat(value: unknown): Omit<Turn, "id"> {
  const plain = plainTurn.safeParse(value);
  return plain.success ? { kind: plain.data.role, text: plain.data.content } : messageTurn(value);
}

/** A turn of another API: its text where it has nothing else, or all that OpenAI's chat API can say of it. */
function turnOfMessage(message: Message): Omit<Turn, "id"> {
  const { role, name, toolCallId, parts, toolCalls } = message;
  const text = parts.flatMap((part) => (part.kind === "text" ? [part.text] : [])).join("\n\n");
  // What was thought is not sent again.
  const said = parts.filter(({ kind }) => kind !== "reasoning");
  const kind = plainTurn.shape.role.safeParse(role);
  if (kind.success && toolCalls.length === 0 && name === "" && said.every((part) => part.kind === "text")) return { kind: kind.data, text };
  if (role === "tool") return messageTurn({ role, tool_call_id: toolCallId, content: text });
  const images = said.flatMap((part) => (part.kind === "image" ? [{ type: "image_url", image_url: { url: part.url } }] : []));
  const content = images.length === 0 ? text : [...(text === "" ? [] : [{ type: "text", text }]), ...images];
  const calls = toolCalls.map((call) => ({ id: call.id, type: "function", function: { name: call.name, arguments: call.argumentsText } }));
  return messageTurn({ role, content, ...(calls.length === 0 ? {} : { tool_calls: calls }) });
}

function messageTurn(value: unknown): Omit<Turn, "id"> {
  return { kind: "message", text: JSON.stringify(value, null, 2) };
}
