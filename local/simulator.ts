import { LLMock, type ChatCompletionRequest, type FixtureResponse } from "@copilotkit/aimock";
import { host } from "./ports.ts";

export interface Simulator {
  /** Without a path; the OpenAI API is under `/v1`. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

const journalEntriesMax = 100;
const embeddingDimensions = 1536;
/** Near enough to the tokenizers in use for English text. */
const charactersPerToken = 4;
/** What chat formats add around each message. */
const tokensPerMessage = 4;

/** Starts the provider that answers without a key: chat completions, streamed or not, embeddings and models. */
export async function startSimulator(port: number): Promise<Simulator> {
  const mock = new LLMock({ port, host, journalMaxEntries: journalEntriesMax });
  mock.on({ endpoint: "chat", predicate: () => true }, answerTo, { streamingProfile: { ttft: 60, tps: 120 } });
  mock.on({ endpoint: "embedding", predicate: () => true }, { embedding: unitVector(embeddingDimensions) });
  const url = await mock.start();
  return { url, close: () => mock.stop() };
}

function answerTo(request: ChatCompletionRequest): FixtureResponse {
  const question = textOf(request.messages.findLast((message) => message.role === "user")?.content);
  const content = request.response_format === undefined ? sentenceAbout(question) : JSON.stringify({ answer: sentenceAbout(question) });
  const inputTokens = request.messages.reduce((sum, message) => sum + tokensPerMessage + tokensIn(textOf(message.content)), 0);
  const outputTokens = tokensIn(content);
  return {
    content,
    usage: { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens },
  };
}

function sentenceAbout(question: string): string {
  const asked = question.trim().slice(0, 200);
  return asked === ""
    ? "This is EvalForge's simulated provider. Set a provider's API key to reach the real one."
    : `You asked: "${asked}". This answer comes from EvalForge's simulated provider; set a provider's API key to reach the real one.`;
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part: unknown) => (isTextPart(part) ? part.text : "")).join("\n");
}

function isTextPart(part: unknown): part is { readonly text: string } {
  return typeof part === "object" && part !== null && "text" in part && typeof part.text === "string";
}

function tokensIn(text: string): number {
  return Math.ceil(text.length / charactersPerToken);
}

function unitVector(dimensions: number): number[] {
  const vector = Array.from({ length: dimensions }, (_, index) => Math.sin(index + 1));
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
