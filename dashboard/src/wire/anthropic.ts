import * as z from "zod";
import { readAnthropicParts } from "./anthropic-parts.ts";
import { readAnthropicBlock, readAnthropicMessage } from "./anthropic-turns.ts";
import { contentSchema } from "./content.ts";
import { message } from "./message.ts";
import { answerTurn } from "./turns.ts";
import type { AnswerView, RequestView } from "./view.ts";

const requestSchema = z.object({ system: contentSchema.nullish(), messages: z.array(z.unknown()) });

/** A request of Anthropic's Messages API, or of its token count. */
export function readAnthropicRequest(body: unknown): RequestView | null {
  const parsed = requestSchema.safeParse(body);
  if (!parsed.success) return null;
  const instructions = readAnthropicParts(parsed.data.system ?? []);
  return {
    kind: "messages",
    messages: [
      ...(instructions.length === 0 ? [] : [message("system", { parts: instructions })]),
      ...parsed.data.messages.flatMap(readAnthropicMessage),
    ],
  };
}

const answerSchema = z.object({
  type: z.literal("message"),
  content: z.array(z.unknown()),
  stop_reason: z.string().nullish().catch(null),
  stop_details: z.object({ explanation: z.string() }).nullish().catch(null),
});

/** An answer of Anthropic's Messages API. */
export function readAnthropicAnswer(body: unknown): AnswerView | null {
  const parsed = answerSchema.safeParse(body);
  if (!parsed.success) return null;
  const { content, stop_reason: stopReason, stop_details: stopDetails } = parsed.data;
  const said = answerTurn(content, (block) => readAnthropicBlock(block, "assistant"));
  // Why the model refused stands beside what it said.
  const parts = stopDetails ? [...said.parts, { kind: "refusal", text: stopDetails.explanation } as const] : said.parts;
  return {
    kind: "chat",
    choices: [{ index: 0, message: { ...said, parts }, finishReason: stopReason ?? "" }],
    complete: true,
    errorText: "",
  };
}

const ownSign = z.union([
  z.object({ type: z.enum(["image", "document", "redacted_thinking", "tool_use", "tool_result"]) }),
  // Thinking that is no text is another provider's, in OpenAI's chat format.
  z.object({ type: z.literal("thinking"), thinking: z.string() }),
]);
const messageOfBlocks = z.object({ content: z.array(z.unknown()) });

/** Whether a request says something that only Anthropic's API has; its plain texts are those of OpenAI's chat format. */
export function showsAnthropic(body: unknown): boolean {
  const parsed = requestSchema.safeParse(body);
  if (!parsed.success) return false;
  return (
    (parsed.data.system ?? null) !== null ||
    parsed.data.messages.some((sent) => {
      const blocks = messageOfBlocks.safeParse(sent);
      return blocks.success && blocks.data.content.some((block) => ownSign.safeParse(block).success);
    })
  );
}
