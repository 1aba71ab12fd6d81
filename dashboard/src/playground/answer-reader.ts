import * as z from "zod";
import { GrowingChat, type AccumulatedChat } from "../wire/chat-stream.ts";
import { readEventStream } from "../wire/event-stream.ts";
import { parseJson } from "../wire/json.ts";

/** What an answer has cost so far, as far as it says. */
export interface AnswerFigures {
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** Dollars, as the gateway writes them; `unknown`: the model has no price; `null`: it has not said yet. */
  readonly costUsd: string | null;
}

const usageSchema = z.object({ usage: z.object({ prompt_tokens: z.int(), completion_tokens: z.int() }) });
const costPattern = /^: x-evalforge-cost-usd (\S+)$/m;
const eventEnd = /\r\n\r\n|\n\n|\r\r/g;

/** Reads a stream of the gateway's chat completions as it comes, cut anywhere. */
export class AnswerReader {
  readonly #chat = new GrowingChat();
  #rest = "";
  #figures: AnswerFigures = { inputTokens: null, outputTokens: null, costUsd: null };
  #hasBegun = false;

  /** Whether the first event has come. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  get figures(): AnswerFigures {
    return this.#figures;
  }

  get chat(): AccumulatedChat {
    return this.#chat.read();
  }

  add(text: string): void {
    this.#rest += text;
    const last = [...this.#rest.matchAll(eventEnd)].at(-1);
    if (last === undefined) return;
    const wholeLength = last.index + last[0].length;
    const whole = this.#rest.slice(0, wholeLength);
    this.#rest = this.#rest.slice(wholeLength);
    const costUsd = costPattern.exec(whole)?.[1];
    if (costUsd !== undefined) this.#figures = { ...this.#figures, costUsd };
    for (const event of readEventStream(whole)) {
      this.#hasBegun = true;
      this.#chat.add(event);
      if (event.data.includes('"usage"')) this.#readUsage(event.data);
    }
  }

  #readUsage(data: string): void {
    const parsed = parseJson(data);
    const read = usageSchema.safeParse(parsed.kind === "json" ? parsed.value : null);
    if (!read.success) return;
    const { prompt_tokens: inputTokens, completion_tokens: outputTokens } = read.data.usage;
    this.#figures = { ...this.#figures, inputTokens, outputTokens };
  }
}
