import { asRecord } from "../../gateway/json.ts";

type Fields = Record<string, unknown>;

/** Strings of these names are whole in each chunk; every other one comes in pieces. */
const wholeStrings: ReadonlySet<string> = new Set(["role", "type"]);

/**
 * Puts the chunks of a stream together to the completion that the same call would have given without `stream`:
 * `choices[].message` out of `choices[].delta`. Fields that no one has heard of are put together like all others.
 */
export class CompletionBuilder {
  #head: Fields | null = null;
  readonly #choices: Fields[] = [];
  #characters = 0;

  /** Characters of the texts put together so far. */
  get characters(): number {
    return this.#characters;
  }

  add(chunk: Readonly<Record<string, unknown>>): void {
    const { choices, object: _, usage, ...head } = chunk;
    this.#head ??= { ...head, object: "chat.completion" };
    if (asRecord(usage) !== null) this.#head["usage"] = usage;
    if (!Array.isArray(choices)) return;
    for (const element of choices) {
      const choice = asRecord(element);
      if (choice === null) continue;
      const { delta, index, ...rest } = choice;
      const target = this.#choiceAt(typeof index === "number" ? index : 0);
      this.#merge(target, rest);
      this.#merge(child(target, "message"), asRecord(delta) ?? {});
    }
  }

  /** `null` before the first chunk. */
  completion(): Readonly<Record<string, unknown>> | null {
    return this.#head === null ? null : { ...this.#head, choices: this.#choices };
  }

  #choiceAt(index: number): Fields {
    const found = this.#choices.find((choice) => choice["index"] === index);
    if (found !== undefined) return found;
    const made: Fields = { index, message: {} };
    this.#choices.push(made);
    return made;
  }

  #merge(target: Fields, piece: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(piece)) {
      const known = target[name];
      if (typeof value === "string" && typeof known === "string" && !wholeStrings.has(name)) target[name] = known + value;
      else if (Array.isArray(value)) target[name] = this.#mergeList(Array.isArray(known) ? known : [], value);
      else if (asRecord(value) !== null) this.#merge(child(target, name), asRecord(value) ?? {});
      else if (value !== null || known === undefined) target[name] = value;
      if (typeof value === "string") this.#characters += value.length;
    }
  }

  /** Elements with an index continue the one of that index (tool calls); others come after it (log probabilities). */
  #mergeList(known: unknown[], pieces: readonly unknown[]): unknown[] {
    for (const piece of pieces) {
      const fields = asRecord(piece);
      if (fields === null || typeof fields["index"] !== "number") {
        known.push(piece);
        continue;
      }
      const found = known.find((element) => asRecord(element)?.["index"] === fields["index"]);
      const target: Fields = isFields(found) ? found : {};
      if (found === undefined) known.push(target);
      this.#merge(target, fields);
    }
    return known;
  }
}

function child(of: Fields, name: string): Fields {
  const known = of[name];
  if (isFields(known)) return known;
  const made: Fields = {};
  of[name] = made;
  return made;
}

function isFields(value: unknown): value is Fields {
  return asRecord(value) !== null;
}
