import * as z from "zod";
import type { Part } from "./message.ts";

/** What a turn holds, in every API: a text alone, or a list of parts. */
export const contentSchema = z.union([z.string(), z.array(z.unknown())]);
export type Content = z.output<typeof contentSchema>;

/** The parts of a content; texts that say nothing are left out. */
export function readContent(content: Content, readPart: (value: unknown) => readonly Part[]): Part[] {
  const parts = typeof content === "string" ? [{ kind: "text", text: content } as const] : content.flatMap(readPart);
  return parts.filter((part) => part.kind !== "text" || part.text !== "");
}

/** What a model thought; where it is not told, that there was some. */
export function reasoningPart(text: string): Part {
  return text === "" ? { kind: "attachment", label: "reasoning that is not shown" } : { kind: "reasoning", text };
}
