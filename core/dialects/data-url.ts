/** What a data URL holds, still in base64. */
export interface Base64Data {
  readonly mediaType: string;
  readonly data: string;
}

const scheme = "data:";
const encoding = ";base64";

export function isDataUrl(url: string): boolean {
  return url.slice(0, scheme.length).toLowerCase() === scheme;
}

/** `null`: the URL is not of the form `data:<media type>;base64,<data>`. Parameters of the media type are not kept. */
export function readDataUrl(url: string): Base64Data | null {
  const comma = url.indexOf(",");
  if (!isDataUrl(url) || comma === -1) return null;
  const head = url.slice(scheme.length, comma);
  if (!head.toLowerCase().endsWith(encoding)) return null;
  const [mediaType = ""] = head.slice(0, -encoding.length).split(";", 1);
  const data = url.slice(comma + 1);
  return mediaType === "" || data === "" ? null : { mediaType, data };
}

export function writeDataUrl({ mediaType, data }: Base64Data): string {
  return `${scheme}${mediaType}${encoding},${data}`;
}
