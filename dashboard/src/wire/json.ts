/** JSON text → its value, or that it is none. */
export function parseJson(text: string): { readonly kind: "json"; readonly value: unknown } | { readonly kind: "not-json" } {
  try {
    return { kind: "json", value: JSON.parse(text) };
  } catch {
    return { kind: "not-json" };
  }
}

/** A value as JSON text, or `instead`: what `JSON.parse` takes can be nested too deeply for `JSON.stringify`. */
export function writeJson(value: unknown, indent: number, instead: string): string {
  try {
    return JSON.stringify(value, null, indent);
  } catch {
    return instead;
  }
}

/** Objects and arrays indented by two; anything that is not JSON unchanged. */
export function prettyJson(text: string): string {
  const parsed = parseJson(text);
  return parsed.kind === "json" && typeof parsed.value === "object" ? writeJson(parsed.value, 2, text) : text;
}

/** Whether text is a whole JSON object or array, and so better shown indented. */
export function isJsonDocument(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  const parsed = parseJson(text);
  return parsed.kind === "json" && typeof parsed.value === "object";
}
