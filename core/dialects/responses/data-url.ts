const scheme = "data:";
const encoding = ";base64";

/** Whether an address holds its content itself, well formed or not. */
export function isDataUrl(url: string): boolean {
  return url.slice(0, scheme.length).toLowerCase() === scheme;
}

/** The media type and the Base64 of a data URL; `null`: it lacks one of them. */
export function readDataUrl(url: string): { readonly mediaType: string; readonly data: string } | null {
  if (!isDataUrl(url)) return null;
  const comma = url.indexOf(",");
  const head = url.slice(scheme.length, Math.max(comma, scheme.length));
  if (!head.endsWith(encoding) || head.length === encoding.length || comma + 1 === url.length) return null;
  return { mediaType: head.slice(0, -encoding.length), data: url.slice(comma + 1) };
}

export function writeDataUrl(source: { readonly mediaType: string; readonly data: string }): string {
  return `${scheme}${source.mediaType}${encoding},${source.data}`;
}
