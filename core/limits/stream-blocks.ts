import type { RequestBody } from "../gateway/request-body.ts";
import { asRecord } from "../gateway/json.ts";
import type { OutputBound } from "./output-bound.ts";

/** Reserved at once. */
const blockTokens = 1_024;
/**
 * Always reserved beyond what has come: what the provider may have written that has not come yet, and what it may write until it
 * notices that nobody reads on. 10 s of 200 tokens a second.
 */
const aheadTokens = 2_048;

/** Models that send what they write, as they write it. Others think unseen, and only their cap bounds what that costs. */
const openModels = ["gpt-3.5", "gpt-4", "chatgpt-4o", "gpt-5-chat", "gemini-2.0", "deepseek-chat"] as const;
/** What models are called of which that does not hold, whatever else they are called. */
const unseenWords = ["thinking", "image"] as const;

/** An answer to these has its calls where no dialect reads them: they would be neither counted nor written anew. */
const unreadFields = ["functions", "function_call"] as const;
/** What makes Anthropic's models think; they send it in a shorter form than it is billed. */
const thinkingFields = ["thinking", "reasoning", "reasoning_effort"] as const;

/** How many of a stream's tokens are reserved before it begins; `null`: all of them, as what has come does not bound what was written. */
export function firstBlock(body: Pick<RequestBody, "streamed" | "fields">, model: string, output: OutputBound): number | null {
  if (!body.streamed || output.answers > 1 || output.hasAudio || output.extraTokens > 0) return null;
  const first = aheadTokens + blockTokens;
  return output.tokens > first && sendsAllItWrites(model, body.fields) ? first : null;
}

/** Up to how many must be reserved now that so many may have been written; `null`: those that are held are enough. */
export function nextBlock(heldTokens: number, writtenTokensMax: number, tokensMax: number): number | null {
  const needed = writtenTokensMax + aheadTokens;
  return heldTokens >= tokensMax || needed <= heldTokens ? null : Math.min(tokensMax, needed + blockTokens);
}

function sendsAllItWrites(model: string, fields: RequestBody["fields"]): boolean {
  const says = (name: string): boolean => fields[name] !== undefined && fields[name] !== null;
  if (unreadFields.some(says) || unseenWords.some((word) => model.includes(word))) return false;
  if (model.includes("claude-")) return !thinkingFields.some(says);
  return openModels.some((prefix) => model.startsWith(prefix)) && !hasCustomTools(fields["tools"]);
}

/** Of OpenAI: what is written to them is text of their own form, which is not read either. */
function hasCustomTools(tools: unknown): boolean {
  return Array.isArray(tools) && tools.some((tool) => asRecord(tool)?.["type"] === "custom");
}
