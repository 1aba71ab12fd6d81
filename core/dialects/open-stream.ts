import { providerRow } from "../providers/providers.ts";
import type { AnswerStream } from "./answer-stream.ts";
import { ChatStream } from "./chat/stream.ts";
import type { AnswerContext, DialectName } from "./dialect.ts";
import { DialectStream } from "./dialect-stream.ts";
import { dialects } from "./dialects.ts";

/**
 * What reads a provider's stream in its dialect and gives it to a client in that one's. `mayBeCut`: it is written anew in any case,
 * so that what ends it early fits to what came before.
 */
export function openStream(provider: string, from: DialectName, to: DialectName, context: AnswerContext, mayBeCut: boolean): AnswerStream {
  if (from === "chat" && to === "chat" && !mayBeCut) {
    return new ChatStream({ hidesUsage: !context.includeUsage, endsUnmarked: providerRow(provider)?.endsUnmarked ?? false });
  }
  return new DialectStream({ reader: dialects[from].openReader(), dialect: dialects[to], isUntouched: from === to && !mayBeCut, context });
}
