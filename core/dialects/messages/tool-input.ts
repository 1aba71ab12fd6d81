import { asRecord, parseJson } from "../../gateway/json.ts";
import type { Fields } from "./request-fields.ts";

/** A tool call's `input` as JSON text. A text stands for arguments that the model wrote as no JSON object; `null`: it is neither. */
export function readToolInput(input: unknown): string | null {
  if (typeof input === "string") return input;
  const fields = asRecord(input);
  return fields === null ? null : JSON.stringify(fields);
}

/** The arguments as an object; `null`: they are none. No text at all is a call with no arguments. */
export function toolInputOf(argumentsText: string): Fields | null {
  return argumentsText.trim() === "" ? {} : asRecord(parseJson(argumentsText));
}

/** Ids of tool calls are refused unless they are made of these; other providers make theirs of more. */
const ownId = /^[a-zA-Z0-9_-]*$/;
/** What the escaping of an address leaves alone, and an id may not have. */
const unescaped: readonly (readonly [character: string, escape: string])[] = ["!", "'", "(", ")", "*", ".", "~"].map((character) => [
  character,
  `_${character.charCodeAt(0).toString(16).toUpperCase()}`,
]);

/** An id of a tool call that this dialect takes; the same for the call and for its result. */
export function toolIdOf(id: string): string {
  if (ownId.test(id)) return id;
  const escaped = encodeURIComponent(id.toWellFormed()).replaceAll("%", "_");
  return unescaped.reduce((text, [character, escape]) => text.replaceAll(character, escape), escaped);
}
