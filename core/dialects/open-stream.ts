import { providerRow } from "../providers/providers.ts";
import type { AnswerStream } from "./answer-stream.ts";
import { ChatStream } from "./chat/stream.ts";
import type { AnswerContext, DialectName } from "./dialect.ts";
import { DialectStream } from "./dialect-stream.ts";
import { dialects } from "./dialects.ts";

/** What reads a provider's stream in its dialect and gives it to a client in that one's. */
export function openStream(provider: string, from: DialectName, to: DialectName, context: AnswerContext): AnswerStream {
  if (from === "chat" && to === "chat") {
    return new ChatStream({ hidesUsage: !context.includeUsage, endsUnmarked: providerRow(provider)?.endsUnmarked ?? false });
  }
  return new DialectStream({ reader: dialects[from].openReader(), dialect: dialects[to], isUntouched: from === to, context });
}
