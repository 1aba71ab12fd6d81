import * as z from "zod";
import { contentSchema } from "./content.ts";
import { readItem, readItems } from "./responses-items.ts";
import { answerTurn } from "./turns.ts";
import type { AnswerView, RequestView } from "./view.ts";

const requestSchema = z.object({ instructions: contentSchema.nullish(), input: contentSchema });

/** A request of OpenAI's Responses API. */
export function readResponsesRequest(body: unknown): RequestView | null {
  const parsed = requestSchema.safeParse(body);
  if (!parsed.success) return null;
  const { instructions, input } = parsed.data;
  return { kind: "messages", messages: [...readItems(instructions ?? [], "system"), ...readItems(input, "user")] };
}

const word = z.string().catch("");
const answerSchema = z.object({
  object: z.literal("response"),
  output: z.array(z.unknown()),
  status: word,
  incomplete_details: z.object({ reason: word }).nullish().catch(null),
  error: z.object({ message: word }).nullish().catch(null),
});

/** An answer of OpenAI's Responses API; why it is incomplete says more than that it is. */
export function readResponsesAnswer(body: unknown): AnswerView | null {
  const parsed = answerSchema.safeParse(body);
  if (!parsed.success) return null;
  const { output, status, incomplete_details: details, error } = parsed.data;
  const choice = { index: 0, message: answerTurn(output, readItem), finishReason: details?.reason || status };
  return { kind: "chat", choices: [choice], complete: true, errorText: error?.message ?? "" };
}

const ownSign = z.union([z.object({ type: z.string() }), z.object({ role: z.string() })]);

/** Whether a request says something that only the Responses API has; a plain `input` is that of an embedding too. */
export function showsResponses(body: unknown): boolean {
  const parsed = requestSchema.safeParse(body);
  if (!parsed.success) return false;
  const { instructions, input } = parsed.data;
  return (instructions ?? null) !== null || (Array.isArray(input) && input.some((item) => ownSign.safeParse(item).success));
}
