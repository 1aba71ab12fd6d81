import type { ProviderName } from "./providers.ts";

/**
 * Bare model names that need no provider before them. A dated snapshot (`gpt-4o-2024-08-06`, `claude-opus-4-1-20250805`), a `-latest` and a fine-tuned model
 * (`ft:gpt-4o:…`) go where their base model goes. Every other model is named `provider/model`.
 */
export const bareModels = {
  openai: [
    "gpt-3.5-turbo",
    "gpt-3.5-turbo-16k",
    "gpt-4",
    "gpt-4-0125-preview",
    "gpt-4-1106-preview",
    "gpt-4-32k",
    "gpt-4-turbo",
    "gpt-4-turbo-preview",
    "gpt-4-vision-preview",
    "gpt-4.1",
    "gpt-4.1-mini",
    "gpt-4.1-nano",
    "gpt-4o",
    "gpt-4o-mini",
    "gpt-4o-audio-preview",
    "gpt-4o-mini-audio-preview",
    "gpt-4o-search-preview",
    "gpt-4o-mini-search-preview",
    "chatgpt-4o-latest",
    "gpt-5",
    "gpt-5-chat-latest",
    "gpt-5-mini",
    "gpt-5-nano",
    "gpt-5-pro",
    "gpt-5.1",
    "gpt-5.1-chat-latest",
    "gpt-5.1-codex",
    "gpt-5.1-mini",
    "gpt-5.2",
    "gpt-5.2-chat-latest",
    "gpt-5.2-pro",
    "gpt-5.3",
    "gpt-5.3-chat-latest",
    "gpt-5.4",
    "gpt-5.4-mini",
    "gpt-5.4-nano",
    "gpt-5.4-pro",
    "gpt-5.5",
    "gpt-5.5-pro",
    "gpt-5.6-luna",
    "gpt-5.6-sol",
    "gpt-5.6-terra",
    "gpt-6-astra",
    "gpt-6-luna",
    "gpt-6-sol",
    "gpt-6.1-sol",
    "gpt-6.1-terra",
    "gpt-audio",
    "gpt-audio-mini",
    "codex-mini-latest",
    "o1",
    "o1-mini",
    "o1-preview",
    "o1-pro",
    "o3",
    "o3-mini",
    "o3-pro",
    "o4-mini",
    "text-embedding-3-small",
    "text-embedding-3-large",
    "text-embedding-ada-002",
  ],
  anthropic: [
    "claude-3-haiku",
    "claude-3-5-haiku",
    "claude-3-5-sonnet",
    "claude-3-7-sonnet",
    "claude-3-opus",
    "claude-sonnet-4",
    "claude-sonnet-4-0",
    "claude-sonnet-4-5",
    "claude-sonnet-4-6",
    "claude-opus-4",
    "claude-opus-4-0",
    "claude-opus-4-1",
    "claude-opus-4-5",
    "claude-opus-4-6",
    "claude-haiku-4-5",
    "claude-opus-4-7",
    "claude-opus-4-8",
    "claude-opus-5",
    "claude-opus-5-5",
    "claude-sonnet-5",
    "claude-sonnet-5-5",
    "claude-haiku-5-5",
    "claude-fable-5",
    "claude-fable-5-1",
    "claude-fable-5-2",
    "claude-mythos-5",
    "claude-mythos-5-1",
    "claude-mythos-5-2",
    "claude-mythos-preview",
  ],
  google: ["gemini-2.0-flash", "gemini-2.5-flash", "gemini-2.5-flash-lite", "gemini-2.5-pro", "gemini-embedding-001"],
  mistral: [
    "codestral-latest",
    "ministral-8b-latest",
    "mistral-embed",
    "mistral-large-latest",
    "mistral-medium-latest",
    "mistral-small-latest",
  ],
  deepseek: ["deepseek-chat", "deepseek-reasoner"],
  xai: ["grok-3", "grok-3-mini", "grok-4"],
  perplexity: ["sonar", "sonar-pro", "sonar-reasoning-pro"],
} as const satisfies Partial<Record<ProviderName, readonly string[]>>;

const providerByModel = new Map<string, string>(
  Object.entries<readonly string[]>(bareModels).flatMap(([provider, models]) => models.map((model) => [model, provider] as const)),
);

const dated = /-(?:\d{4}-\d{2}-\d{2}|\d{8}|\d{4}|latest)$/;

/** Models of OpenAI that answer in its Responses API alone. */
const responsesModels: ReadonlySet<string> = new Set([
  "codex-mini-latest",
  "gpt-5-pro",
  "gpt-5.1-codex",
  "gpt-5.2-pro",
  "gpt-5.4-pro",
  "gpt-5.5-pro",
  "o1-pro",
  "o3-pro",
]);

export function isResponsesModel(model: string): boolean {
  return responsesModels.has(model) || responsesModels.has(model.replace(dated, ""));
}

/** The provider of a bare model name; `null` where the table does not know it. */
export function providerOfModel(model: string): string | null {
  const base = model.startsWith("ft:") ? (model.split(":")[1] ?? "") : model;
  return providerByModel.get(base) ?? providerByModel.get(base.replace(dated, "")) ?? null;
}

/** Up to three names of the table that are spelt nearly like `model`, the nearest first. */
export function closeModels(model: string): readonly string[] {
  const wanted = model.toLowerCase().slice(0, 64);
  const farthest = Math.max(2, Math.floor(wanted.length / 3));
  return [...providerByModel.keys()]
    .map((name) => ({ name, distance: distanceBetween(wanted, name) }))
    .filter(({ distance }) => distance <= farthest)
    .toSorted((left, right) => left.distance - right.distance || left.name.localeCompare(right.name))
    .slice(0, 3)
    .map(({ name }) => name);
}

/** A name that was begun, or carried too far, is nearly as close as one with a letter wrong. */
function distanceBetween(wanted: string, name: string): number {
  return name.startsWith(wanted) || wanted.startsWith(name) ? Math.min(1.5, editDistance(wanted, name)) : editDistance(wanted, name);
}

/** Levenshtein's distance, by rows (Wagner and Fischer, 1974). */
function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const substituted = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      current.push(Math.min(substituted, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}
