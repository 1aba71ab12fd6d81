import { asRecord } from "../../gateway/json.ts";

type Fields = Record<string, unknown>;

/** Strings of these names come in pieces, which are joined; every other value of a chunk replaces the one before. */
const pieceNames: ReadonlySet<string> = new Set([
  "content",
  "refusal",
  "reasoning",
  "reasoning_content",
  "thinking",
  "text",
  "summary",
  // Of a tool call: `input` is a custom tool's.
  "arguments",
  "input",
  // Of an audio answer.
  "data",
  "transcript",
]);

/**
 * Puts the chunks of a stream together to the completion that the same call would have given without `stream`:
 * `choices[].message` out of `choices[].delta`. Fields that no one has heard of are kept as they came last.
 */
export class CompletionBuilder {
  #head: Fields | null = null;
  readonly #choices: Fields[] = [];
  #characters = 0;

  /** Characters of all that is kept, names and log probabilities included. */
  get characters(): number {
    return this.#characters;
  }

  add(chunk: Readonly<Record<string, unknown>>): void {
    // `obfuscation` is padding, of another length in each chunk.
    const { choices, object: _object, obfuscation: _obfuscation, usage, ...head } = chunk;
    this.#head ??= { object: "chat.completion" };
    for (const [name, value] of Object.entries(head)) this.#put(this.#head, name, value);
    if (asRecord(usage) !== null) this.#put(this.#head, "usage", usage);
    if (!Array.isArray(choices)) return;
    for (const element of choices) {
      const choice = asRecord(element);
      if (choice === null) continue;
      // Perplexity sends the whole message so far beside each delta.
      const { delta, message, index, ...rest } = choice;
      const target = this.#choiceAt(typeof index === "number" ? index : 0);
      this.#merge(target, rest);
      this.#merge(this.#child(target, "message"), asRecord(delta ?? message) ?? {});
    }
  }

  /** `null` before the first chunk. */
  completion(): Readonly<Record<string, unknown>> | null {
    return this.#head === null ? null : { ...this.#head, choices: this.#choices };
  }

  #choiceAt(index: number): Fields {
    const found = this.#choices.find((choice) => choice["index"] === index);
    if (found !== undefined) return found;
    const made: Fields = {};
    this.#put(made, "index", index);
    this.#choices.push(made);
    return made;
  }

  #merge(target: Fields, piece: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(piece)) {
      const known = target[name];
      if (typeof value === "string" && typeof known === "string" && pieceNames.has(name)) {
        target[name] = known + value;
        this.#characters += value.length;
      } else if (Array.isArray(value)) this.#mergeList(this.#list(target, name), value);
      else if (isFields(value)) this.#merge(this.#child(target, name), value);
      else this.#put(target, name, value);
    }
  }

  /** Elements with an index continue the one of that index (tool calls); others come after it (log probabilities). */
  #mergeList(known: unknown[], pieces: readonly unknown[]): void {
    for (const piece of pieces) {
      const fields = asRecord(piece);
      if (fields === null || typeof fields["index"] !== "number") {
        known.push(piece);
        this.#characters += charactersOf(piece);
        continue;
      }
      const found = known.find((element) => asRecord(element)?.["index"] === fields["index"]);
      const target: Fields = isFields(found) ? found : {};
      if (found === undefined) known.push(target);
      this.#merge(target, fields);
    }
  }

  #child(of: Fields, name: string): Fields {
    const known = of[name];
    if (Object.hasOwn(of, name) && isFields(known)) return known;
    const made: Fields = {};
    this.#put(of, name, made);
    return made;
  }

  #list(of: Fields, name: string): unknown[] {
    const known = of[name];
    if (Array.isArray(known)) return known;
    const made: unknown[] = [];
    this.#put(of, name, made);
    return made;
  }

  /** Sets one field; a `null` takes nothing away. */
  #put(target: Fields, name: string, value: unknown): void {
    // Setting it would change what the object inherits from.
    if (name === "__proto__") return;
    const known = Object.hasOwn(target, name) ? target[name] : undefined;
    if (value === known || (value === null && known !== undefined)) return;
    this.#characters += known === undefined ? name.length + charactersOf(value) : charactersOf(value) - charactersOf(known);
    target[name] = value;
  }
}

/** Numbers, booleans and `null` count as if each had so many. */
const scalarCharacters = 8;

function charactersOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return scalarCharacters;
  let characters = 0;
  for (const [name, element] of Object.entries(value)) characters += name.length + charactersOf(element);
  return characters;
}

function isFields(value: unknown): value is Fields {
  return asRecord(value) !== null;
}
