import type { AudioBlock, CacheMark, DocumentBlock, ImageBlock, MediaSource, RefusalBlock, TextBlock } from "../conversation.ts";
import { isDataUrl, readDataUrl } from "../data-url.ts";
import type { FieldReader } from "./field-reader.ts";

type Fields = Readonly<Record<string, unknown>>;
type PartReader<Part> = (part: Fields, path: string, reader: FieldReader) => Part;

/** Content parts by their type. */
type PartReaders<Part> = ReadonlyMap<string, PartReader<Part>>;

const readText: PartReader<TextBlock> = (part, path, reader) => {
  reader.keepRest(part, textNames, path);
  return { kind: "text", text: reader.anyText(part["text"], `${path}.text`), cache: readCache(part, path, reader) };
};
const textNames: ReadonlySet<string> = new Set(["type", "text", "cache_control"]);

const readImage: PartReader<ImageBlock> = (part, path, reader) => {
  const place = `${path}.image_url`;
  const image = reader.fields(part["image_url"], place);
  reader.keepRest(part, imagePartNames, path);
  reader.keepRest(image, imageNames, place);
  const url = reader.requiredText(image["url"], `${place}.url`);
  return {
    kind: "image",
    source: isDataUrl(url) ? readBase64(url, `${place}.url`, reader) : { kind: "url", url },
    detail: reader.text(image["detail"], `${place}.detail`),
    cache: readCache(part, path, reader),
  };
};
const imagePartNames: ReadonlySet<string> = new Set(["type", "image_url", "cache_control"]);
const imageNames: ReadonlySet<string> = new Set(["url", "detail"]);

const readFile: PartReader<DocumentBlock> = (part, path, reader) => {
  const place = `${path}.file`;
  const file = reader.fields(part["file"], place);
  reader.keepRest(part, filePartNames, path);
  reader.keepRest(file, fileNames, place);
  return {
    kind: "document",
    source: readFileSource(file, place, reader),
    title: reader.text(file["filename"], `${place}.filename`) ?? "",
    cache: readCache(part, path, reader),
  };
};
const filePartNames: ReadonlySet<string> = new Set(["type", "file", "cache_control"]);
const fileNames: ReadonlySet<string> = new Set(["file_data", "file_id", "filename"]);

function readFileSource(file: Fields, place: string, reader: FieldReader): MediaSource {
  const data = reader.text(file["file_data"], `${place}.file_data`);
  const id = reader.text(file["file_id"], `${place}.file_id`);
  if (data !== null && id !== null) reader.refuse(`${place}.file_id`, "must not stand beside `file_data`");
  if (data !== null) return readBase64(data, `${place}.file_data`, reader);
  if (id === null || id === "") reader.refuse(place, "must have `file_data` or `file_id`");
  return { kind: "file", id: id ?? "" };
}

const readAudio: PartReader<AudioBlock> = (part, path, reader) => {
  const place = `${path}.input_audio`;
  const audio = reader.fields(part["input_audio"], place);
  reader.keepRest(part, audioPartNames, path);
  reader.keepRest(audio, audioNames, place);
  return {
    kind: "audio",
    data: reader.requiredText(audio["data"], `${place}.data`),
    format: reader.requiredText(audio["format"], `${place}.format`),
  };
};
const audioPartNames: ReadonlySet<string> = new Set(["type", "input_audio"]);
const audioNames: ReadonlySet<string> = new Set(["data", "format"]);

const readRefusal: PartReader<RefusalBlock> = (part, path, reader) => {
  reader.keepRest(part, refusalNames, path);
  return { kind: "refusal", text: reader.requiredText(part["refusal"], `${path}.refusal`) };
};
const refusalNames: ReadonlySet<string> = new Set(["type", "refusal"]);

/** What a message of each role may hold. */
export const systemParts: PartReaders<TextBlock> = new Map([["text", readText]]);
export const userParts: PartReaders<TextBlock | ImageBlock | AudioBlock | DocumentBlock> = new Map<
  string,
  PartReader<TextBlock | ImageBlock | AudioBlock | DocumentBlock>
>([
  ["text", readText],
  ["image_url", readImage],
  ["input_audio", readAudio],
  ["file", readFile],
]);
export const assistantParts: PartReaders<TextBlock | RefusalBlock> = new Map<string, PartReader<TextBlock | RefusalBlock>>([
  ["text", readText],
  ["refusal", readRefusal],
]);
/** OpenAI takes only text from a tool; what other models take besides is read here too. */
export const toolParts: PartReaders<TextBlock | ImageBlock | DocumentBlock> = new Map<
  string,
  PartReader<TextBlock | ImageBlock | DocumentBlock>
>([
  ["text", readText],
  ["image_url", readImage],
  ["file", readFile],
]);

/** A message's content, a text or a list of parts; an empty text holds nothing. */
export function readContent<Part>(content: unknown, path: string, readers: PartReaders<Part>, reader: FieldReader): (Part | TextBlock)[] {
  if (content === undefined || content === null || content === "") return [];
  if (typeof content === "string") return [{ kind: "text", text: content, cache: null }];
  if (!Array.isArray(content)) {
    reader.refuse(path, "must be a string or a list of parts");
    return [];
  }
  const blocks: (Part | TextBlock)[] = [];
  for (const [index, element] of content.entries()) {
    const place = `${path}.${index}`;
    const part = reader.fields(element, place);
    const read = typeof part["type"] === "string" ? readers.get(part["type"]) : undefined;
    if (read === undefined) reader.refuse(`${place}.type`, `must be one of ${[...readers.keys()].join(", ")}`);
    else blocks.push(read(part, place, reader));
  }
  return blocks;
}

/** `cache_control`, with which callers mark what a model of Anthropic's keeps. `path`: of what it stands in. */
export function readCache(fields: Fields, path: string, reader: FieldReader): CacheMark {
  const value = fields["cache_control"];
  if (value === undefined || value === null) return null;
  const { type, ttl } = reader.fields(value, `${path}.cache_control`);
  if (type !== "ephemeral") reader.refuse(`${path}.cache_control.type`, "must be ephemeral");
  if (ttl === "1h") return "1h";
  if (ttl !== "5m" && ttl !== undefined && ttl !== null) reader.refuse(`${path}.cache_control.ttl`, "must be 5m or 1h");
  return "5m";
}

function readBase64(url: string, path: string, reader: FieldReader): MediaSource {
  const read = readDataUrl(url);
  if (read === null) reader.refuse(path, "must be a data URL of the form data:<media type>;base64,<data>");
  return { kind: "base64", mediaType: read?.mediaType ?? "", data: read?.data ?? "" };
}
