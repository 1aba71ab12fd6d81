import type { Block, DocumentBlock, ImageBlock, MediaSource, TextBlock } from "../conversation.ts";
import { isDataUrl, readDataUrl } from "../data-url.ts";
import { shapes, type Fields, type Findings } from "./findings.ts";

/** How one type of content part is read, and which of its fields say what a block says, or nothing that lasts. */
interface PartReader {
  readonly known: ReadonlySet<string>;
  readonly read: (part: Fields, path: string, findings: Findings) => Block | null;
}

// What a client sends back of an answer keeps its tokens' probabilities, which no model reads.
const textPart: PartReader = { known: new Set(["type", "text", "logprobs"]), read: readText };

const messageParts: ReadonlyMap<string, PartReader> = new Map([
  ["input_text", textPart],
  ["output_text", textPart],
  ["refusal", { known: new Set(["type", "refusal"]), read: readRefusal }],
  ["input_image", { known: new Set(["type", "image_url", "file_id", "detail"]), read: readImage }],
  ["input_file", { known: new Set(["type", "file_data", "file_url", "file_id", "filename"]), read: readFile }],
  ["input_audio", { known: new Set(["type", "input_audio"]), read: readAudio }],
]);

/** The blocks of a message's content. Parts of other types are noted with their place and type. */
export function readContent(content: unknown, path: string, findings: Findings): readonly Block[] {
  if (typeof content === "string") return [textBlock(content)];
  return readParts(content, path, findings);
}

/** The blocks of what a tool gave back; none: it gave nothing. */
export function readOutput(output: unknown, path: string, findings: Findings): readonly (TextBlock | ImageBlock | DocumentBlock)[] {
  if (typeof output === "string") return output === "" ? [] : [textBlock(output)];
  const blocks: (TextBlock | ImageBlock | DocumentBlock)[] = [];
  for (const block of readParts(output, path, findings)) {
    if (block.kind === "text" || block.kind === "image" || block.kind === "document") blocks.push(block);
    else findings.refuse(path, `must hold text, images and files only, not ${block.kind}`);
  }
  return blocks;
}

function readParts(content: unknown, path: string, findings: Findings): readonly Block[] {
  if (!Array.isArray(content)) {
    findings.refuse(path, "must be a string or a list of parts");
    return [];
  }
  const blocks: Block[] = [];
  for (const [index, element] of content.entries()) {
    const place = `${path}.${index}`;
    const part = findings.required(element, place, shapes.record);
    if (part === null) continue;
    const type = findings.text(part["type"], `${place}.type`);
    const reader = messageParts.get(type);
    if (reader === undefined) {
      findings.note(`${place} (${type})`, part);
      continue;
    }
    findings.noteRest(part, reader.known, place);
    const block = reader.read(part, place, findings);
    if (block !== null) blocks.push(block);
  }
  return blocks;
}

export function textBlock(text: string): TextBlock {
  return { kind: "text", text, cache: null };
}

function readText(part: Fields, path: string, findings: Findings): Block {
  return textBlock(findings.text(part["text"], `${path}.text`));
}

function readRefusal(part: Fields, path: string, findings: Findings): Block {
  return { kind: "refusal", text: findings.text(part["refusal"], `${path}.refusal`) };
}

function readImage(part: Fields, path: string, findings: Findings): Block | null {
  const detail = findings.optional(part["detail"], `${path}.detail`, shapes.text);
  const source = readSource(part, path, { url: "image_url", data: "image_url" }, findings);
  return source === null ? null : { kind: "image", source, detail, cache: null };
}

function readFile(part: Fields, path: string, findings: Findings): Block | null {
  const title = findings.optional(part["filename"], `${path}.filename`, shapes.text) ?? "";
  const source = readSource(part, path, { url: "file_url", data: "file_data" }, findings);
  return source === null ? null : { kind: "document", source, title, cache: null };
}

function readAudio(part: Fields, path: string, findings: Findings): Block {
  const audio = findings.required(part["input_audio"], `${path}.input_audio`, shapes.record) ?? {};
  return {
    kind: "audio",
    data: findings.text(audio["data"], `${path}.input_audio.data`),
    format: findings.text(audio["format"], `${path}.input_audio.format`),
  };
}

/** Where an image or a file comes from; `names`: the fields of its address and of its content. */
function readSource(
  part: Fields,
  path: string,
  names: { readonly url: string; readonly data: string },
  findings: Findings,
): MediaSource | null {
  const id = findings.optional(part["file_id"], `${path}.file_id`, shapes.text);
  if (id !== null) return { kind: "file", id };
  const data = findings.optional(part[names.data], `${path}.${names.data}`, shapes.text);
  if (data !== null && (names.data !== names.url || isDataUrl(data))) {
    const source = readDataUrl(data);
    if (source !== null) return { kind: "base64", ...source };
    findings.refuse(`${path}.${names.data}`, "must be a data URL with a media type and Base64 (data:image/png;base64,…)");
    return null;
  }
  const url = findings.optional(part[names.url], `${path}.${names.url}`, shapes.text);
  if (url !== null) return { kind: "url", url };
  findings.refuse(`${path}.${names.url}`, "must be given, or a file_id");
  return null;
}
