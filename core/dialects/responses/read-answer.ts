import { failure, type Failure } from "../../contracts/error.ts";
import { asRecord } from "../../gateway/json.ts";
import type { Answer, AnswerBlock } from "../answer.ts";
import { providerWords } from "../provider-words.ts";
import type { Fields } from "./findings.ts";
import { readOutputItem } from "./output-item.ts";
import { contentOf, readStop } from "./stop.ts";
import { readUsage } from "./usage.ts";

/** Reads a whole response. One that failed is `upstream_error`, with the provider's words. */
export function readAnswer(body: Fields): Answer | Failure {
  const error = body["error"];
  if (body["status"] === "failed" || (error !== undefined && error !== null)) {
    return failure("upstream_error", providerWords({ error }) ?? undefined);
  }
  if (!Array.isArray(body["output"])) return failure("upstream_invalid_response", "The provider sent a response without an `output` list.");
  const blocks: AnswerBlock[] = [];
  for (const [index, item] of body["output"].entries()) {
    const placed = readOutputItem(item);
    if (placed === null) {
      return failure("upstream_invalid_response", `The provider sent a response whose \`output.${index}\` cannot be read.`);
    }
    for (const { block } of placed) blocks.push(block);
  }
  return {
    id: textOf(body["id"]),
    model: textOf(body["model"]),
    blocks,
    stop: readStop(body["status"], asRecord(body["incomplete_details"])?.["reason"], contentOf(blocks)),
    usage: readUsage(body["usage"]),
    serviceTier: typeof body["service_tier"] === "string" ? body["service_tier"] : null,
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
