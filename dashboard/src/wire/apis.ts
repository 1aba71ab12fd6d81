import { readAnthropicAnswer, readAnthropicRequest } from "./anthropic.ts";
import { readChatAnswer, readChatRequest } from "./chat.ts";
import { readEmbeddingAnswer, readEmbeddingRequest } from "./embedding.ts";
import { readResponsesAnswer, readResponsesRequest } from "./responses.ts";
import type { AnswerReader, RequestReader } from "./view.ts";

interface Api {
  /** In plain words. */
  readonly title: string;
  readonly readRequest: RequestReader;
  readonly readAnswer: AnswerReader;
}

/** The APIs of the gateway, by their names in a span's `api`. */
export const apis: ReadonlyMap<string, Api> = new Map([
  ["chat", { title: "OpenAI chat completions", readRequest: readChatRequest, readAnswer: readChatAnswer }],
  ["messages", { title: "Anthropic messages", readRequest: readAnthropicRequest, readAnswer: readAnthropicAnswer }],
  ["responses", { title: "OpenAI responses", readRequest: readResponsesRequest, readAnswer: readResponsesAnswer }],
  ["embedding", { title: "OpenAI embeddings", readRequest: readEmbeddingRequest, readAnswer: readEmbeddingAnswer }],
  // A number, which is read best as it came.
  ["count-tokens", { title: "Anthropic token count", readRequest: readAnthropicRequest, readAnswer: () => null }],
]);
