type Fields = Readonly<Record<string, unknown>>;

/** What some fields say when they change nothing: it counts as not sent. */
const idle = new Map<string, (value: unknown) => boolean>([
  ["frequency_penalty", (value) => value === 0],
  ["presence_penalty", (value) => value === 0],
  ["n", (value) => value === 1],
  ["store", (value) => value === false],
  ["modalities", (value) => Array.isArray(value) && value.every((modality) => modality === "text")],
]);

export function isIdle(name: string, value: unknown): boolean {
  return idle.get(name)?.(value) ?? false;
}

/** Fields of this dialect that a conversation has no field for. Another dialect's field of the same name means the same. */
const writable: ReadonlySet<string> = new Set([
  "audio",
  "frequency_penalty",
  "function_call",
  "functions",
  "logit_bias",
  "metadata",
  "modalities",
  "n",
  "prediction",
  "presence_penalty",
  "prompt_cache_key",
  "prompt_cache_options",
  "prompt_cache_retention",
  "seed",
  "store",
  "verbosity",
  "web_search_options",
]);

/** The extras that this dialect has too, as fields of a request, and the names of the others. */
export function writeExtras(extras: ReadonlyMap<string, unknown>): { readonly fields: Fields; readonly dropped: readonly string[] } {
  const entries = [...extras];
  return {
    fields: Object.fromEntries(entries.filter(([name]) => writable.has(name))),
    dropped: entries.map(([name]) => name).filter((name) => !writable.has(name)),
  };
}
