import * as z from "zod";
import { contentSchema, readContent, reasoningPart, type Content } from "./content.ts";
import type { Part } from "./message.ts";

const label = z.string().nullish().catch(null);

const mediaSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("base64"), media_type: z.string(), data: z.string() }),
  z.object({ type: z.literal("url"), url: z.string() }),
  z.object({ type: z.literal("file"), file_id: z.string() }),
]);
const documentSourceSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), data: z.string() }),
  z.object({ type: z.literal("content"), content: contentSchema }),
  ...mediaSchema.options,
]);
type DocumentSource = z.output<typeof documentSourceSchema>;

/** What a document made of blocks may hold: no documents, or one could nest without end. */
const innerSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), text: z.string() }).transform((block): readonly Part[] => [{ kind: "text", text: block.text }]),
  z.object({ type: z.literal("image"), source: mediaSchema }).transform((block): readonly Part[] => [readImage(block.source)]),
]);

const partsSchema = z.discriminatedUnion("type", [
  ...innerSchema.options,
  z.object({ type: z.literal("document"), source: documentSourceSchema, title: label, context: label }).transform(readDocument),
  z.object({ type: z.literal("thinking"), thinking: z.string() }).transform((block): readonly Part[] => [reasoningPart(block.thinking)]),
  z.object({ type: z.literal("redacted_thinking") }).transform((): readonly Part[] => [{ kind: "attachment", label: "redacted thinking" }]),
]);

/** A text or a list of Anthropic's blocks → what they say; blocks of other types as they are. */
export function readAnthropicParts(content: Content): readonly Part[] {
  return readContent(content, (block) => readWith(partsSchema, block));
}

function readWith(schema: typeof partsSchema | typeof innerSchema, block: unknown): readonly Part[] {
  const parsed = schema.safeParse(block);
  return parsed.success ? parsed.data : [{ kind: "other", value: block }];
}

function readImage(source: z.output<typeof mediaSchema>): Part {
  switch (source.type) {
    case "base64":
      return { kind: "image", url: `data:${source.media_type};base64,${source.data}` };
    case "url":
      return { kind: "image", url: source.url };
    case "file":
      return { kind: "attachment", label: `image ${source.file_id}` };
  }
}

function readDocument(document: {
  source: DocumentSource;
  title?: string | null | undefined;
  context?: string | null | undefined;
}): readonly Part[] {
  const { place, content } = openDocument(document.source);
  const names = [document.title, document.context, place].filter(Boolean).join(" · ");
  return [{ kind: "attachment", label: `document ${names}`.trim() }, ...readContent(content, (block) => readWith(innerSchema, block))];
}

/** Where a document lies, and what of it can be read here. */
function openDocument(source: DocumentSource): { readonly place: string; readonly content: Content } {
  switch (source.type) {
    case "base64":
      return { place: source.media_type, content: [] };
    case "url":
      return { place: source.url, content: [] };
    case "file":
      return { place: source.file_id, content: [] };
    case "text":
      return { place: "", content: source.data };
    case "content":
      return { place: "", content: source.content };
  }
}
