/** The first index from `at` on that is no white space of JSON. */
export function afterSpace(text: string, at: number): number {
  let index = at;
  while (index < text.length && " \t\r\n".includes(text.charAt(index))) index += 1;
  return index;
}

/** The index after the string that opens at `open`; the text's end where it does not close. */
export function stringEnd(text: string, open: number): number {
  for (let at = text.indexOf('"', open + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text[at - 1 - backslashes] === "\\") backslashes += 1;
    if (backslashes % 2 === 0) return at + 1;
  }
  return text.length;
}

/** The index after the number, word or other run of characters that begins at `at`. */
export function bareEnd(text: string, at: number): number {
  let index = at;
  while (index < text.length && !' \t\r\n,:[]{}"'.includes(text.charAt(index))) index += 1;
  return index;
}

/** The index after the value that begins at `at`; the text's end where it does not end. Nothing is recursive: any depth is fine. */
export function valueEnd(text: string, at: number): number {
  const first = text[at];
  if (first === '"') return stringEnd(text, at);
  if (first !== "{" && first !== "[") return bareEnd(text, at);
  let depth = 0;
  for (let index = at; index < text.length;) {
    const character = text[index];
    if (character === '"') {
      index = stringEnd(text, index);
      continue;
    }
    if (character === "{" || character === "[") depth += 1;
    if (character === "}" || character === "]") depth -= 1;
    index += 1;
    if (depth === 0) return index;
  }
  return text.length;
}
