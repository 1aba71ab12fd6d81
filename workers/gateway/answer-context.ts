import type { AnswerContext } from "#core/dialects/dialect.ts";
import type { TargetedCall } from "./call.ts";

/** What an answer to this call is written with. */
export function contextOf({ body, target, requestId, identity }: TargetedCall): AnswerContext {
  return {
    model: target.model,
    createdAtSeconds: Math.floor(identity.startedAtMs / 1_000),
    id: requestId.replaceAll("-", ""),
    includeUsage: body.asksForUsage,
    request: body.fields,
  };
}
