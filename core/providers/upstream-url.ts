import type { DialectName } from "../dialects/dialect.ts";

const paths = { chat: "/chat/completions", messages: "/messages", responses: "/responses" } as const satisfies Record<DialectName, string>;

/** Where chat completions, messages or responses are made. Anthropic's own clients leave `/v1` out of its base URL. */
export function conversationUrl(baseUrl: string, dialect: DialectName): string {
  return (dialect === "messages" ? versioned(baseUrl) : baseUrl) + paths[dialect];
}

export function embeddingsUrl(baseUrl: string): string {
  return `${baseUrl}/embeddings`;
}

/** Where the tokens of a request are counted; `null`: chat completions have no such address. */
export function countTokensUrl(baseUrl: string, dialect: DialectName): string | null {
  if (dialect === "messages") return `${versioned(baseUrl)}/messages/count_tokens`;
  return dialect === "responses" ? `${baseUrl}/responses/input_tokens` : null;
}

function versioned(baseUrl: string): string {
  return /\/v\d+$/.test(baseUrl) ? baseUrl : `${baseUrl}/v1`;
}
