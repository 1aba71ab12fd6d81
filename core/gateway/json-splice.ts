const structure = /["{}[\]]/g;

/**
 * Sets top-level fields of a JSON object in its text, and leaves every other byte as it was: numbers keep their
 * digits, objects their order, unknown fields their spelling.
 *
 * `text` must be valid JSON and an object at its top. `fields` maps names to JSON text. A name that occurs more than
 * once is set at each place; one that does not occur is put first.
 */
export function setTopLevelFields(text: string, fields: Readonly<Record<string, string>>): string {
  const missing = new Set(Object.keys(fields));
  const open = text.indexOf("{");
  const pieces: string[] = [];
  let copiedTo = open + 1;
  let at = skipSpace(text, open + 1);
  const isEmpty = text[at] === "}";
  while (text[at] === '"') {
    const keyEnd = stringEnd(text, at);
    const name = String(JSON.parse(text.slice(at, keyEnd)));
    const valueStart = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const end = valueEnd(text, valueStart);
    const replacement = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (replacement !== undefined) {
      pieces.push(text.slice(copiedTo, valueStart), replacement);
      copiedTo = end;
      missing.delete(name);
    }
    at = skipSpace(text, end);
    if (text[at] === ",") at = skipSpace(text, at + 1);
  }
  const added = [...missing].map((name) => `${JSON.stringify(name)}:${fields[name]}`).join(",");
  const separator = added !== "" && !isEmpty ? "," : "";
  return text.slice(0, open + 1) + added + separator + pieces.join("") + text.slice(copiedTo);
}

function skipSpace(text: string, from: number): number {
  let at = from;
  // Space, tab, line feed and carriage return are all that JSON calls white space.
  while (text.charCodeAt(at) <= 0x20) at++;
  return at;
}

/** The index after the string that opens at `open`. */
function stringEnd(text: string, open: number): number {
  let close = text.indexOf('"', open + 1);
  while (isEscaped(text, close)) close = text.indexOf('"', close + 1);
  return close + 1;
}

function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0;
  while (text[quote - 1 - backslashes] === "\\") backslashes++;
  return backslashes % 2 === 1;
}

/** The index after the value that starts at `start`. */
function valueEnd(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return stringEnd(text, start);
  if (first !== "{" && first !== "[") {
    let at = start;
    while (at < text.length && !",}] \t\r\n".includes(text.charAt(at))) at++;
    return at;
  }
  let depth = 0;
  let at = start;
  do {
    structure.lastIndex = at;
    const found = structure.exec(text);
    if (found === null) return text.length;
    const mark = found[0];
    if (mark === '"') {
      at = stringEnd(text, found.index);
      continue;
    }
    depth += mark === "{" || mark === "[" ? 1 : -1;
    at = found.index + 1;
  } while (depth > 0);
  return at;
}
