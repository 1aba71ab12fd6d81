import * as z from "zod";
import type { AnswerView, RequestView } from "./view.ts";

/** A vector as far as a person can use it. */
export interface VectorGlimpse {
  readonly index: number;
  readonly dimensions: number;
  readonly firstValues: readonly number[];
}

const shownValues = 6;

/** An embedding comes as numbers, or (what OpenAI's clients ask for) as base64 of little-endian 32-bit floats. */
const vectorSchema = z.union([
  z.array(z.number()).transform((values) => ({ dimensions: values.length, firstValues: values.slice(0, shownValues) })),
  z.base64().transform(readBase64Vector),
]);

const answerSchema = z.object({
  data: z
    .array(
      z
        .object({ index: z.int().catch(0), embedding: vectorSchema })
        .transform(({ index, embedding }): VectorGlimpse => ({ index, ...embedding })),
    )
    .min(1),
});

/** An answer of OpenAI's embeddings. */
export function readEmbeddingAnswer(body: unknown): AnswerView | null {
  const parsed = answerSchema.safeParse(body);
  return parsed.success ? { kind: "vectors", vectors: parsed.data.data } : null;
}

const inputItem = z.union([z.string(), z.array(z.number()).transform((tokens) => `[${tokens.length} token ids]`)]);
const requestSchema = z.object({
  input: z.union([
    z.string().transform((input) => [input]),
    z.array(z.string()),
    z.array(z.number()).transform((tokens) => [`[${tokens.length} token ids]`]),
    z.array(inputItem),
  ]),
});

/** A request of OpenAI's embeddings. */
export function readEmbeddingRequest(body: unknown): RequestView | null {
  const parsed = requestSchema.safeParse(body);
  return parsed.success ? { kind: "inputs", inputs: parsed.data.input } : null;
}

function readBase64Vector(text: string): { dimensions: number; firstValues: number[] } {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const dimensions = Math.floor(bytes.length / 4);
  return { dimensions, firstValues: Array.from({ length: Math.min(shownValues, dimensions) }, (_, at) => view.getFloat32(at * 4, true)) };
}
