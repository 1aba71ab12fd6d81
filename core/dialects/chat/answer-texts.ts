import { asRecord } from "../../gateway/json.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What a message, or a piece of one, says; empty where it says nothing. */
export interface AnswerTexts {
  readonly thinking: string;
  readonly text: string;
  readonly refusal: string;
}

/** Reads a `message` or a `delta`. Mistral's content may be a list, in which its thinking stands too. */
export function readTexts(message: Fields): AnswerTexts {
  const { content } = message;
  const thinking = textOf(message["reasoning_content"]) || textOf(message["reasoning"]);
  const refusal = textOf(message["refusal"]);
  if (!Array.isArray(content)) return { thinking, text: textOf(content), refusal };
  const parts = content.map((part) => asRecord(part) ?? {});
  const ofType = (type: string, read: (part: Fields) => string) => parts.map((part) => (part["type"] === type ? read(part) : "")).join("");
  return {
    thinking: thinking || ofType("thinking", thinkingOf),
    text: ofType("text", (part) => textOf(part["text"])),
    refusal: refusal || ofType("refusal", (part) => textOf(part["refusal"])),
  };
}

/** The entries of a choice's `logprobs`; empty: there are none. */
export function readLogprobs(choice: Fields): readonly unknown[] {
  const content = asRecord(choice["logprobs"])?.["content"];
  return Array.isArray(content) ? content : [];
}

/** JSON text; empty where none has come. Some providers send it parsed. */
export function readArguments(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : JSON.stringify(value);
}

/** Some providers give a call no id, which callers need: one that is unique in a conversation, as its answer's is. */
export function callIdOf(id: unknown, answerId: string, index: number): string {
  return typeof id === "string" && id !== "" ? id : `call_${index}_${answerId.replaceAll(/[^\w-]/g, "")}`;
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function thinkingOf({ thinking }: Fields): string {
  if (!Array.isArray(thinking)) return textOf(thinking);
  return thinking.map((part) => textOf(asRecord(part)?.["text"])).join("");
}
