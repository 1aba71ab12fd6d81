import type { Usage } from "../contracts/usage.ts";
import type { Answer } from "./answer.ts";
import type { Conversation } from "./conversation.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What a dialect must come with; `dialects.test.ts` refuses one that lacks any of it. Written from the documented wire formats. */
export interface DialectFixtures {
  /** By what they are about; at least `plain`, `tools`, `images`, `thinking`, `format`. `body` is read as `conversation`. */
  readonly requests: Readonly<Record<string, { readonly body: Fields; readonly conversation: Conversation }>>;
  /** At least `plain`, `tools`, `refusal`. `body` is read as `answer`. */
  readonly answers: Readonly<Record<string, { readonly body: Fields; readonly answer: Answer }>>;
  /** At least `plain`, `tools`. The whole text of an event stream, its end mark included, and the answer it makes. */
  readonly streams: Readonly<Record<string, { readonly text: string; readonly answer: Answer }>>;
  /** Streams that end in the provider's own error, and its words. */
  readonly failing: Readonly<Record<string, { readonly text: string; readonly message: string }>>;
  /** At least `plain`, `cached`, `zero`. Usage blocks as they stand in an answer. */
  readonly usages: Readonly<Record<string, { readonly block: unknown; readonly usage: Usage }>>;
}
