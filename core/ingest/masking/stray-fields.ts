import { valueEnd } from "./json-scan.ts";
import { literally } from "./mask-text.ts";

/**
 * Masks the values of fields in text that is no JSON as a whole: JSON that was cut, or that stands in prose, or in a string
 * of such JSON with its quotes escaped.
 */
export function strayFieldMasker(names: readonly string[], field: (name: string) => string | null): (text: string) => string {
  if (names.length === 0) return (text) => text;
  const key = new RegExp(`(\\\\{0,64})"(${names.map((name) => literally(name)).join("|")})\\1"\\s{0,100}:\\s{0,100}`, "gi");
  return (text) => {
    const pieces: string[] = [];
    let copiedTo = 0;
    key.lastIndex = 0;
    for (let match = key.exec(text); match !== null; match = key.exec(text)) {
      const [whole, escape = "", name = ""] = match;
      const start = match.index + whole.length;
      const end = escape === "" ? valueEnd(text, start) : escapedEnd(text, start, escape);
      const quote = `${escape}"`;
      pieces.push(text.slice(copiedTo, start), quote, field(name) ?? "", quote);
      copiedTo = end;
      key.lastIndex = end;
    }
    return pieces.join("") + text.slice(copiedTo);
  };
}

/** The index after a value in a string: its quotes have so many backslashes before them. */
function escapedEnd(text: string, start: number, escape: string): number {
  const quote = `${escape}"`;
  if (!text.startsWith(quote, start)) return valueEnd(text, start);
  for (let at = text.indexOf(quote, start + quote.length); at !== -1; at = text.indexOf(quote, at + 1)) {
    if (text[at - 1] !== "\\") return at + quote.length;
  }
  return text.length;
}
