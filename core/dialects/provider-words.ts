import { asRecord } from "../gateway/json.ts";

/** Where providers put the words of an error, one inside the other; the first that says something is taken. */
const members = ["error", "message", "detail", "msg"] as const;
const depthMax = 5;
const elementsMax = 5;
const charactersMax = 2_000;

/**
 * What a provider says in the parsed body of an error: OpenAI's `error.message`, a bare `error`, `message` or `detail`,
 * Google's list of such, the list of faults that FastAPI makes (`body.stop: Extra inputs are not permitted`). At most
 * 2,000 characters; `null` where it says nothing.
 */
export function providerWords(body: unknown): string | null {
  const words = wordsOf(body, 0);
  if (words === "") return null;
  return words.length <= charactersMax ? words : `${words.slice(0, charactersMax).toWellFormed()}…`;
}

function wordsOf(value: unknown, depth: number): string {
  if (typeof value === "string") return value;
  if (depth === depthMax) return "";
  if (Array.isArray(value)) {
    const all = value.slice(0, elementsMax).map((element) => wordsOf(element, depth + 1));
    return all.filter((words) => words !== "").join("; ");
  }
  const fields = asRecord(value);
  if (fields === null) return "";
  for (const name of members) {
    const words = wordsOf(fields[name], depth + 1);
    if (words !== "") return Array.isArray(fields["loc"]) ? `${fields["loc"].join(".")}: ${words}` : words;
  }
  return "";
}
