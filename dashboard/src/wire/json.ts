/** JSON text → its value, or that it is none. */
export function parseJson(text: string): { readonly kind: "json"; readonly value: unknown } | { readonly kind: "not-json" } {
  try {
    return { kind: "json", value: JSON.parse(text) };
  } catch {
    return { kind: "not-json" };
  }
}

/** Objects and arrays indented by two; anything that is not JSON unchanged. */
export function prettyJson(text: string): string {
  const parsed = parseJson(text);
  return parsed.kind === "json" && typeof parsed.value === "object" ? JSON.stringify(parsed.value, null, 2) : text;
}

/** Whether text is a whole JSON object or array, and so better shown indented. */
export function isJsonDocument(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  const parsed = parseJson(text);
  return parsed.kind === "json" && typeof parsed.value === "object";
}
