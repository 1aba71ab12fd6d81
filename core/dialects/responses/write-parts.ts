import type { AudioBlock, Block, DocumentBlock, ImageBlock, MediaSource, TextBlock } from "../conversation.ts";
import { writeDataUrl } from "../data-url.ts";
import type { Fields } from "./findings.ts";

/** What a message of the user's side may hold. */
type InputBlock = TextBlock | ImageBlock | DocumentBlock | AudioBlock;

const inputKinds: ReadonlySet<Block["kind"]> = new Set(["text", "image", "document", "audio"]);

export function isInput(block: Block): block is InputBlock {
  return inputKinds.has(block.kind);
}

/** One content part. `null`: it cannot be said. What a part leaves out is noted with its place and kind. */
export function writePart(block: InputBlock, place: string, note: (place: string) => void): Fields | null {
  switch (block.kind) {
    case "text":
      return { type: "input_text", text: block.text };
    case "audio":
      return { type: "input_audio", input_audio: { data: block.data, format: block.format } };
    case "image": {
      const source = writeSource(block.source, { url: "image_url", data: "image_url" });
      if (source === null) note(`${place} (image)`);
      return source === null ? null : { type: "input_image", ...source, ...(block.detail === null ? {} : { detail: block.detail }) };
    }
    case "document":
      return writeDocument(block, place, note);
  }
}

/** A document that is plain text is a text: files here are addresses, ids and Base64. */
function writeDocument({ source, title }: DocumentBlock, place: string, note: (place: string) => void): Fields | null {
  if (source.kind === "text") {
    if (title !== "") note(`${place} (title)`);
    return { type: "input_text", text: source.text };
  }
  const written = writeSource(source, { url: "file_url", data: "file_data" });
  if (written === null) note(`${place} (document)`);
  return written === null ? null : { type: "input_file", ...written, ...(title === "" ? {} : { filename: title }) };
}

/** Ids of files at Anthropic; those at OpenAI have a hyphen there. */
const foreignFilePrefix = "file_";

function writeSource(source: MediaSource, names: { readonly url: string; readonly data: string }): Fields | null {
  switch (source.kind) {
    case "base64":
      return { [names.data]: writeDataUrl(source) };
    case "url":
      return { [names.url]: source.url };
    case "file":
      return source.id.startsWith(foreignFilePrefix) ? null : { file_id: source.id };
  }
}
