import * as z from "zod";
import type { StreamEvent } from "./event-stream.ts";
import { parseJson } from "./json.ts";
import { readChatMessage } from "./chat-message.ts";
import type { Message } from "./message.ts";

/** One alternative answer to a call. */
export interface Choice {
  readonly index: number;
  readonly message: Message;
  /** The provider's own word; empty while, or because, it never came. */
  readonly finishReason: string;
}

/** A streamed answer put together again. */
export interface AccumulatedChat {
  readonly choices: readonly Choice[];
  /** `[DONE]` was seen: the stream ended as a whole. */
  readonly complete: boolean;
  /** What an error event of the stream said; empty where none came. */
  readonly errorText: string;
}

const text = z.string().nullish().catch(null);
const chunkSchema = z.object({
  choices: z
    .array(
      z.object({
        index: z.int().nonnegative().catch(0),
        finish_reason: text,
        delta: z
          .object({
            role: text,
            content: text,
            refusal: text,
            reasoning_content: text,
            reasoning: text,
            audio: z.object({ transcript: text }).nullish().catch(null),
            function_call: z.object({ name: text, arguments: text }).nullish().catch(null),
            tool_calls: z
              .array(
                z.object({
                  index: z.int().nonnegative().catch(0),
                  id: text,
                  function: z.object({ name: text, arguments: text }).nullish().catch(null),
                  custom: z.object({ name: text, input: text }).nullish().catch(null),
                }),
              )
              .nullish()
              .catch(null),
          })
          .nullish()
          .catch(null),
      }),
    )
    .catch([]),
  error: z
    .union([z.string(), z.object({ message: z.string() }).transform((error) => error.message)])
    .nullish()
    .catch(null),
});
type ChunkChoice = z.output<typeof chunkSchema>["choices"][number];
type Delta = NonNullable<ChunkChoice["delta"]>;

interface OpenToolCall {
  id: string;
  name: string;
  argumentsText: string;
}

interface OpenChoice {
  role: string;
  content: string;
  refusal: string;
  reasoning: string;
  transcript: string;
  finishReason: string;
  readonly toolCalls: Map<number, OpenToolCall>;
}

/**
 * Chunks of OpenAI's chat stream → the messages they add up to, one a choice. However the provider cut the text into
 * chunks, the result is the same. Events that are no chunk are passed over.
 */
export function accumulateChat(events: readonly StreamEvent[]): AccumulatedChat {
  const chat = new GrowingChat();
  for (const event of events) chat.add(event);
  return chat.read();
}

/** The same while the stream comes. */
export class GrowingChat {
  readonly #open = new Map<number, OpenChoice>();
  #complete = false;
  #errorText = "";

  add({ data }: StreamEvent): void {
    if (data === "[DONE]") this.#complete = true;
    const parsed = parseJson(data);
    const chunk = chunkSchema.safeParse(parsed.kind === "json" ? parsed.value : null);
    if (!chunk.success) return;
    this.#errorText = chunk.data.error ?? this.#errorText;
    for (const choice of chunk.data.choices) addToChoice(choiceAt(this.#open, choice.index), choice);
  }

  /** What has come so far. */
  read(): AccumulatedChat {
    const choices = [...this.#open].sort(([one], [other]) => one - other).map(([index, choice]) => closeChoice(index, choice));
    return { choices, complete: this.#complete, errorText: this.#errorText };
  }
}

function choiceAt(open: Map<number, OpenChoice>, index: number): OpenChoice {
  const known = open.get(index);
  if (known) return known;
  const made = {
    role: "",
    content: "",
    refusal: "",
    reasoning: "",
    transcript: "",
    finishReason: "",
    toolCalls: new Map<number, OpenToolCall>(),
  };
  open.set(index, made);
  return made;
}

function addToChoice(choice: OpenChoice, chunk: ChunkChoice): void {
  choice.finishReason = chunk.finish_reason ?? choice.finishReason;
  const delta = chunk.delta;
  if (!delta) return;
  choice.role ||= delta.role ?? "";
  choice.content += delta.content ?? "";
  choice.refusal += delta.refusal ?? "";
  choice.reasoning += delta.reasoning_content ?? delta.reasoning ?? "";
  choice.transcript += delta.audio?.transcript ?? "";
  for (const call of toolCallsOf(delta)) {
    const known = choice.toolCalls.get(call.index);
    if (known) {
      known.id ||= call.id;
      known.name += call.name;
      known.argumentsText += call.argumentsText;
    } else {
      choice.toolCalls.set(call.index, { id: call.id, name: call.name, argumentsText: call.argumentsText });
    }
  }
}

function toolCallsOf(delta: Delta): (OpenToolCall & { index: number })[] {
  const calls = (delta.tool_calls ?? []).map((call) => ({
    index: call.index,
    id: call.id ?? "",
    name: call.function?.name ?? call.custom?.name ?? "",
    argumentsText: call.function?.arguments ?? call.custom?.input ?? "",
  }));
  const legacy = delta.function_call;
  return legacy ? [...calls, { index: 0, id: "", name: legacy.name ?? "", argumentsText: legacy.arguments ?? "" }] : calls;
}

function closeChoice(index: number, choice: OpenChoice): Choice {
  const toolCalls = [...choice.toolCalls].sort(([one], [other]) => one - other);
  const message = readChatMessage({
    role: choice.role || "assistant",
    content: choice.content,
    refusal: choice.refusal,
    reasoning_content: choice.reasoning,
    audio: choice.transcript === "" ? null : { transcript: choice.transcript },
    tool_calls: toolCalls.map(([, call]) => ({ id: call.id, function: { name: call.name, arguments: call.argumentsText } })),
  });
  return { index, message, finishReason: choice.finishReason };
}
