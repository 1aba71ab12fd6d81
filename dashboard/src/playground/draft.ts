import * as z from "zod";
import { parseJson } from "../wire/json.ts";

/** `message`: a whole message of OpenAI's chat API as JSON, for what is more than a text (tools, images). */
export const turnKinds = ["system", "user", "assistant", "message"] as const;

const turnSchema = z.strictObject({ id: z.string(), kind: z.enum(turnKinds), text: z.string() });
export type Turn = z.infer<typeof turnSchema>;

/** What is about to be asked, as it stands in the fields: nothing of it need be right. */
export const draftSchema = z.strictObject({
  turns: z.array(turnSchema),
  /** One or two, each asked the same. */
  models: z.array(z.string()).min(1).max(2),
  temperature: z.string(),
  topP: z.string(),
  maxTokens: z.string(),
  /** All other fields of the request, as JSON. */
  otherFields: z.string(),
  /** Whose call it is; empty: that of the playground's own key. */
  keyId: z.string(),
});
export type Draft = z.infer<typeof draftSchema>;

export const emptyDraft: Draft = {
  turns: [
    { id: "system", kind: "system", text: "" },
    { id: "user", kind: "user", text: "" },
  ],
  models: ["openai/gpt-4o-mini"],
  temperature: "",
  topP: "",
  maxTokens: "",
  otherFields: "",
  keyId: "",
};

/** Where something stands that cannot be sent. */
export interface DraftFault {
  readonly field: "turns" | "model" | "temperature" | "topP" | "maxTokens" | "otherFields";
  readonly message: string;
}

export type ReadDraft =
  | { readonly kind: "request"; readonly body: Readonly<Record<string, unknown>> }
  | { readonly kind: "faulty"; readonly faults: readonly DraftFault[] };

const objectSchema = z.record(z.string(), z.unknown());

/** A draft → the body of a streaming chat completion of one model; or all that is wrong with it. Empty texts are left out. */
export function readDraft(draft: Draft, model: string): ReadDraft {
  const faults: DraftFault[] = [];
  const number = (field: "temperature" | "topP" | "maxTokens", name: string): number | undefined => {
    const text = draft[field].trim();
    const value = Number(text);
    if (text === "") return undefined;
    if (Number.isNaN(value)) faults.push({ field, message: `${name} must be a number.` });
    return value;
  };
  const messages = draft.turns.flatMap(({ kind, text }, at): unknown[] => {
    if (text.trim() === "") return [];
    if (kind !== "message") return [{ role: kind, content: text }];
    const read = readObject(text);
    if (read === null) faults.push({ field: "turns", message: `Turn ${at + 1} must be a message as a JSON object.` });
    return read === null ? [] : [read];
  });
  const other = draft.otherFields.trim() === "" ? {} : readObject(draft.otherFields);
  if (other === null) faults.push({ field: "otherFields", message: "Other fields must be a JSON object." });
  const sampling = { temperature: number("temperature", "Temperature"), top_p: number("topP", "Top P") };
  const maxTokens = number("maxTokens", "Max tokens");
  if (model.trim() === "") faults.push({ field: "model", message: "Name a model." });
  if (messages.length === 0 && faults.length === 0) faults.push({ field: "turns", message: "Write something first." });
  if (faults.length > 0) return { kind: "faulty", faults };
  return {
    kind: "request",
    body: {
      ...other,
      model: model.trim(),
      messages,
      ...Object.fromEntries(Object.entries(sampling).filter(([, value]) => value !== undefined)),
      ...(maxTokens === undefined ? {} : { [maxTokensField(model)]: maxTokens }),
      stream: true,
      stream_options: { include_usage: true },
    },
  };
}

/** OpenAI's newer models refuse the older name, and those who copied its API know only that. */
function maxTokensField(model: string): string {
  return model.startsWith("openai/") || !model.includes("/") ? "max_completion_tokens" : "max_tokens";
}

function readObject(text: string): Readonly<Record<string, unknown>> | null {
  const parsed = parseJson(text);
  const object = objectSchema.safeParse(parsed.kind === "json" ? parsed.value : null);
  return object.success ? object.data : null;
}
