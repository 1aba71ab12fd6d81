import * as z from "zod";
import type { KeyId } from "#core/contracts/id.ts";
import { callWithKey } from "#core/contracts/api/keys.ts";
import type { Session } from "../session.ts";
import { parseJson } from "../wire/json.ts";
import type { AccumulatedChat } from "../wire/chat-stream.ts";
import { AnswerReader, type AnswerFigures } from "./answer-reader.ts";

/** An answer as far as it is here. */
export interface Answer {
  readonly state: "waiting" | "streaming" | "done" | "stopped" | "failed";
  readonly chat: AccumulatedChat;
  readonly figures: AnswerFigures;
  /** From the sending to the first event, and to the end or to now; `null`: not yet. */
  readonly ttftMs: number | null;
  readonly totalMs: number | null;
  /** Of the trace that the call becomes; empty: it came to none. */
  readonly traceId: string;
  readonly provider: string;
  /** What was said in place of an answer. */
  readonly refusal: { readonly status: number; readonly code: string; readonly message: string } | null;
}

export const waitingAnswer: Answer = {
  state: "waiting",
  chat: { choices: [], complete: false, errorText: "" },
  figures: { inputTokens: null, outputTokens: null, costUsd: null },
  ttftMs: null,
  totalMs: null,
  traceId: "",
  provider: "",
  refusal: null,
};

interface Sent {
  readonly keyId: KeyId;
  readonly body: Readonly<Record<string, unknown>>;
}

const errorSchema = z.object({ error: z.object({ message: z.string(), code: z.string().nullish() }) });

/** Makes a call as a key of the project; `onChange` is given the answer whenever there is more of it. Never throws. */
export async function sendCall(
  session: Session,
  { keyId, body }: Sent,
  { signal, onChange }: { readonly signal: AbortSignal; readonly onChange: (answer: Answer) => void },
): Promise<void> {
  const startedAtMs = performance.now();
  const sinceMs = () => performance.now() - startedAtMs;
  let answer = waitingAnswer;
  const tell = (changes: Partial<Answer>) => {
    answer = { ...answer, ...changes, totalMs: sinceMs() };
    onChange(answer);
  };
  try {
    const response = await fetch(callWithKey.path.replace("{projectId}", session.projectId).replace("{keyId}", keyId), {
      method: callWithKey.method,
      headers: {
        authorization: `Bearer ${session.adminKey}`,
        "content-type": "application/json",
        "x-evalforge-name": "Playground",
        "x-evalforge-tags": "playground",
      },
      body: JSON.stringify(body),
      signal,
    });
    tell({
      traceId: response.headers.get("x-evalforge-trace-id") ?? "",
      provider: response.headers.get("x-evalforge-provider") ?? "",
    });
    if (!response.ok || response.body === null) {
      tell({ state: "failed", refusal: refusalOf(response.status, await response.text()) });
      return;
    }
    const reader = new AnswerReader();
    const decoder = new TextDecoder();
    for await (const chunk of chunksOf(response.body)) {
      reader.add(decoder.decode(chunk, { stream: true }));
      if (!reader.hasBegun) continue;
      tell({ state: "streaming", chat: reader.chat, figures: reader.figures, ttftMs: answer.ttftMs ?? sinceMs() });
    }
    const { chat } = reader;
    tell({ state: chat.complete ? "done" : "failed", chat, figures: reader.figures });
  } catch {
    if (signal.aborted) tell({ state: "stopped" });
    else tell({ state: "failed", refusal: { status: 0, code: "", message: "The connection broke off before the answer was whole." } });
  }
}

/** Not every browser iterates over a stream. */
async function* chunksOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
}

function refusalOf(status: number, text: string): NonNullable<Answer["refusal"]> {
  const parsed = parseJson(text);
  const read = errorSchema.safeParse(parsed.kind === "json" ? parsed.value : null);
  if (!read.success) return { status, code: "", message: text.slice(0, 1_000) || "Nothing was said." };
  return { status, code: read.data.error.code ?? "", message: read.data.error.message };
}
