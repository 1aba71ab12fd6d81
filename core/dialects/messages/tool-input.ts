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
const foreignCharacter = /[^a-zA-Z0-9_-]/gu;

/** An id of a tool call that this dialect takes; the same for the call and for its result, and unlike that of another id. */
export function toolIdOf(id: string): string {
  return id.replace(foreignCharacter, (character) => `_${(character.codePointAt(0) ?? 0).toString(16)}_`);
}
