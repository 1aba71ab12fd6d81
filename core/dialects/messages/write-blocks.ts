import type { Block, DocumentBlock, ImageBlock, MediaSource, Seal } from "../conversation.ts";
import { withCacheMark } from "./cache-mark.ts";
import type { Fields } from "./request-fields.ts";
import { toolIdOf, toolInputOf } from "./tool-input.ts";

/** Ids of OpenAI's files, which Anthropic does not have; its own begin with `file_`. */
const foreignFile = "file-";

/**
 * A block of a turn, or of a tool's result; `null`: it is left out. An empty text is left out unsaid, as it says nothing.
 *
 * @param place `turns.1.blocks.0`, by which `dropped` gets what cannot be said
 */
export function writeBlock(block: Block, place: string, dropped: Set<string>): Fields | null {
  switch (block.kind) {
    case "text":
      return block.text === "" ? null : withCacheMark({ type: "text", text: block.text }, block.cache);
    case "refusal":
      return block.text === "" ? null : { type: "text", text: block.text };
    case "image":
      return writeImage(block, place, dropped);
    case "document":
      return writeDocument(block, place, dropped);
    case "tool-call": {
      const input = toolInputOf(block.arguments);
      if (input === null) dropped.add(`${place} (arguments)`);
      return withCacheMark({ type: "tool_use", id: toolIdOf(block.id), name: block.name, input: input ?? {} }, block.cache);
    }
    case "tool-result": {
      const content = block.blocks.flatMap((one, index) => writeBlock(one, `${place}.blocks.${index}`, dropped) ?? []);
      const isError = block.isError ? { is_error: true } : {};
      return withCacheMark({ type: "tool_result", tool_use_id: toolIdOf(block.callId), content, ...isError }, block.cache);
    }
    case "thinking":
      return isOwn(block.seal)
        ? { type: "thinking", thinking: block.text, signature: block.seal.value }
        : leaveOut(place, "thinking", dropped);
    case "redacted-thinking":
      return isOwn(block.seal) ? { type: "redacted_thinking", data: block.seal.value } : leaveOut(place, block.kind, dropped);
    case "audio":
      return leaveOut(place, "audio", dropped);
  }
}

function writeImage(block: ImageBlock, place: string, dropped: Set<string>): Fields | null {
  const source = writeMedia(block.source);
  if (source === null) return leaveOut(place, "file", dropped);
  // What `auto` asks for is what happens.
  if (block.detail !== null && block.detail !== "auto") dropped.add(`${place} (detail)`);
  return withCacheMark({ type: "image", source }, block.cache);
}

function writeDocument(block: DocumentBlock, place: string, dropped: Set<string>): Fields | null {
  const { source: from } = block;
  if (from.kind === "base64" && from.mediaType !== "application/pdf") return leaveOut(place, "document", dropped);
  const source = from.kind === "text" ? { type: "text", media_type: "text/plain", data: from.text } : writeMedia(from);
  if (source === null) return leaveOut(place, "file", dropped);
  return withCacheMark({ type: "document", source, ...(block.title === "" ? {} : { title: block.title }) }, block.cache);
}

function writeMedia(source: MediaSource): Fields | null {
  switch (source.kind) {
    case "base64":
      return { type: "base64", media_type: source.mediaType, data: source.data };
    case "url":
      return { type: "url", url: source.url };
    case "file":
      return source.id.startsWith(foreignFile) ? null : { type: "file", file_id: source.id };
  }
}

function isOwn(seal: Seal | null): seal is Seal {
  return seal?.origin === "messages";
}

function leaveOut(place: string, kind: string, dropped: Set<string>): null {
  dropped.add(`${place} (${kind})`);
  return null;
}
