import type { Block, CacheMark, DocumentBlock, ImageBlock, MediaSource } from "../conversation.ts";
import { writeDataUrl } from "../data-url.ts";

type Fields = Readonly<Record<string, unknown>>;

/** To whom is written, and what could not be. */
export interface Writing {
  readonly provider: string;
  readonly dropped: Set<string>;
}

/** One block as a content part. `null`: this dialect has no part for it, or not from where it comes. */
function writePart(block: Block, provider: string): Fields | null {
  switch (block.kind) {
    case "text":
      return { type: "text", text: block.text, ...writeCache(block.cache, provider) };
    case "image":
      return writeImage(block, provider);
    case "document":
      return writeDocument(block, provider);
    case "audio":
      return { type: "input_audio", input_audio: { data: block.data, format: block.format } };
    case "refusal":
      return { type: "refusal", refusal: block.text };
    case "tool-call":
    case "tool-result":
    case "thinking":
    case "redacted-thinking":
      return null;
  }
}

/** The parts of those blocks that can be written; the others are named. `path`: of the list that they stand in. */
export function writeParts(blocks: readonly (readonly [number, Block])[], path: string, { provider, dropped }: Writing): Fields[] {
  const parts: Fields[] = [];
  for (const [index, block] of blocks) {
    const part = writePart(block, provider);
    if (part === null) dropped.add(`${path}.${index} (${block.kind})`);
    else parts.push(part);
  }
  return parts;
}

/** A single text as such: not every provider takes a list. */
export function writeContent(parts: readonly Fields[]): string | readonly Fields[] {
  const [part] = parts;
  if (part === undefined) return "";
  const text = part["text"];
  const isPlain = parts.length === 1 && part["type"] === "text" && part["cache_control"] === undefined;
  return isPlain && typeof text === "string" && text !== "" ? text : parts;
}

/** OpenAI keeps what it has seen without being told. */
export function writeCache(cache: CacheMark, provider: string): Fields {
  if (cache === null || provider === "openai") return {};
  return { cache_control: cache === "1h" ? { type: "ephemeral", ttl: "1h" } : { type: "ephemeral" } };
}

function writeImage({ source, detail, cache }: ImageBlock, provider: string): Fields | null {
  const url = urlOf(source);
  if (url === null) return null;
  return { type: "image_url", image_url: detail === null ? { url } : { url, detail }, ...writeCache(cache, provider) };
}

function writeDocument({ source, title, cache }: DocumentBlock, provider: string): Fields | null {
  const mark = writeCache(cache, provider);
  const filename = title === "" ? {} : { filename: title };
  switch (source.kind) {
    case "base64":
      return { type: "file", file: { ...filename, file_data: writeDataUrl(source) }, ...mark };
    case "file":
      // OpenAI's ids begin so, and no other provider's do.
      if (provider !== "openai" || !source.id.startsWith("file-")) return null;
      return { type: "file", file: { ...filename, file_id: source.id }, ...mark };
    case "text":
      // What is text anyway loses nothing as a text.
      return { type: "text", text: title === "" ? source.text : `${title}\n\n${source.text}`, ...mark };
    case "url":
      return null;
  }
}

/** `null`: an id, which images have not in this dialect. */
function urlOf(source: MediaSource): string | null {
  switch (source.kind) {
    case "base64":
      return writeDataUrl(source);
    case "url":
      return source.url;
    case "file":
      return null;
  }
}
