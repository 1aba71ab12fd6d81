import type { Block, DocumentBlock, ImageBlock, MediaSource, TextBlock } from "../conversation.ts";
import { readSeal } from "../seal.ts";
import { readCacheMark } from "./cache-mark.ts";
import { below, type Extra, type FieldReader, type Fields, noExtras, restOf } from "./request-fields.ts";
import { readToolInput } from "./tool-input.ts";

/** A block of content, with what of it has no counterpart; `block` is `null` where that is all of it. */
export interface ReadBlock<Kind extends Block = Block> {
  readonly block: Kind | null;
  readonly extras: readonly Extra[];
}

type ResultBlock = TextBlock | ImageBlock | DocumentBlock;
type BlockReader<Kind extends Block> = (fields: Fields, path: string, read: FieldReader) => ReadBlock<Kind>;

/** `content`: a text or a list of blocks. Empty texts say nothing and are left out. */
export function readContent(of: Fields, path: string, read: FieldReader): ReadBlock[] {
  return readList(of, path, read, blockReaders);
}

/** `system`, which is made of texts alone. */
export function readSystem(of: Fields, read: FieldReader): ReadBlock<TextBlock>[] {
  return readList(of, "", read, systemReaders, "system");
}

/** A `system` message's content. */
export function readSystemContent(of: Fields, path: string, read: FieldReader): ReadBlock<TextBlock>[] {
  return readList(of, path, read, systemReaders);
}

function readList<Kind extends Block>(
  of: Fields,
  path: string,
  read: FieldReader,
  readers: ReadonlyMap<string, BlockReader<Kind | TextBlock>>,
  name = "content",
): ReadBlock<Kind | TextBlock>[] {
  const content = of[name];
  if (typeof content === "string") return content === "" ? [] : [{ block: { kind: "text", text: content, cache: null }, extras: noExtras }];
  const listPath = below(path, name);
  if (!Array.isArray(content)) {
    if (content !== undefined && content !== null) read.refuse(listPath, "must be text or a list of blocks");
    return [];
  }
  const blocks: ReadBlock<Kind | TextBlock>[] = [];
  content.forEach((element: unknown, index) => {
    const blockPath = `${listPath}.${index}`;
    const fields = read.record(element, blockPath);
    const type = read.text(fields, blockPath, "type");
    const one = readers.get(type)?.(fields, blockPath, read) ?? foreign(type, fields);
    if (one.block?.kind !== "text" || one.block.text !== "") blocks.push(one);
  });
  return blocks;
}

/** A block of a type that means nothing elsewhere. */
function foreign(type: string, fields: Fields): ReadBlock<never> {
  return { block: null, extras: [[` (${type})`, fields]] };
}

const textNames = new Set(["type", "text", "cache_control"]);
const imageNames = new Set(["type", "source", "cache_control"]);
const documentNames = new Set(["type", "source", "title", "cache_control"]);
const toolUseNames = new Set(["type", "id", "name", "input", "cache_control"]);
const toolResultNames = new Set(["type", "tool_use_id", "content", "is_error", "cache_control"]);
const thinkingNames = new Set(["type", "thinking", "signature"]);
const redactedThinkingNames = new Set(["type", "data"]);

function readText(fields: Fields, path: string, read: FieldReader): ReadBlock<TextBlock> {
  return {
    block: { kind: "text", text: read.text(fields, path, "text"), cache: readCacheMark(fields, path, read) },
    extras: restOf(fields, textNames),
  };
}

function readImage(fields: Fields, path: string, read: FieldReader): ReadBlock<ImageBlock> {
  const sourcePath = below(path, "source");
  const source = readMedia(read.record(fields["source"], sourcePath), sourcePath, read);
  return { block: { kind: "image", source, detail: null, cache: readCacheMark(fields, path, read) }, extras: restOf(fields, imageNames) };
}

function readDocument(fields: Fields, path: string, read: FieldReader): ReadBlock<DocumentBlock> {
  const sourcePath = below(path, "source");
  const from = read.record(fields["source"], sourcePath);
  // A document made of blocks.
  if (from["type"] === "content") return foreign("document", fields);
  if (from["type"] === "base64" && from["media_type"] !== "application/pdf") {
    read.refuse(below(sourcePath, "media_type"), "must be `application/pdf`");
  }
  const source: DocumentBlock["source"] =
    from["type"] === "text" ? { kind: "text", text: read.text(from, sourcePath, "data") } : readMedia(from, sourcePath, read);
  const title = read.optionalText(fields, path, "title") ?? "";
  return { block: { kind: "document", source, title, cache: readCacheMark(fields, path, read) }, extras: restOf(fields, documentNames) };
}

function readMedia(from: Fields, path: string, read: FieldReader): MediaSource {
  switch (from["type"]) {
    case "base64":
      return { kind: "base64", mediaType: read.text(from, path, "media_type"), data: read.text(from, path, "data") };
    case "url":
      return { kind: "url", url: read.text(from, path, "url") };
    case "file":
      return { kind: "file", id: read.text(from, path, "file_id") };
    default:
      read.refuse(below(path, "type"), "is none that can stand here");
      return { kind: "url", url: "" };
  }
}

function readToolUse(fields: Fields, path: string, read: FieldReader): ReadBlock {
  const argumentsText = readToolInput(fields["input"]);
  if (argumentsText === null) read.refuse(below(path, "input"), "must be an object");
  return {
    block: {
      kind: "tool-call",
      id: read.text(fields, path, "id"),
      name: read.text(fields, path, "name"),
      arguments: argumentsText ?? "",
      cache: readCacheMark(fields, path, read),
    },
    extras: restOf(fields, toolUseNames),
  };
}

function readToolResult(fields: Fields, path: string, read: FieldReader): ReadBlock {
  const blocks: ResultBlock[] = [];
  const extras: Extra[] = [...restOf(fields, toolResultNames)];
  readList(fields, path, read, resultReaders).forEach((one, index) => {
    if (one.block !== null) blocks.push(one.block);
    for (const [suffix, value] of one.extras) extras.push([`.content.${index}${suffix}`, value]);
  });
  return {
    block: {
      kind: "tool-result",
      callId: read.text(fields, path, "tool_use_id"),
      blocks,
      isError: read.optionalBoolean(fields, path, "is_error") ?? false,
      cache: readCacheMark(fields, path, read),
    },
    extras,
  };
}

function readThinking(fields: Fields, path: string, read: FieldReader): ReadBlock {
  const signature = read.optionalText(fields, path, "signature") ?? "";
  const seal = signature === "" ? null : readSeal(signature, "messages");
  return { block: { kind: "thinking", text: read.text(fields, path, "thinking"), seal }, extras: restOf(fields, thinkingNames) };
}

function readRedactedThinking(fields: Fields, path: string, read: FieldReader): ReadBlock {
  const seal = readSeal(read.text(fields, path, "data"), "messages");
  return { block: { kind: "redacted-thinking", seal }, extras: restOf(fields, redactedThinkingNames) };
}

const systemReaders: ReadonlyMap<string, BlockReader<TextBlock>> = new Map([["text", readText]]);

const resultReaders: ReadonlyMap<string, BlockReader<ResultBlock>> = new Map<string, BlockReader<ResultBlock>>([
  ["text", readText],
  ["image", readImage],
  ["document", readDocument],
]);

const blockReaders: ReadonlyMap<string, BlockReader<Block>> = new Map<string, BlockReader<Block>>([
  ...resultReaders,
  ["tool_use", readToolUse],
  ["tool_result", readToolResult],
  ["thinking", readThinking],
  ["redacted_thinking", readRedactedThinking],
]);
