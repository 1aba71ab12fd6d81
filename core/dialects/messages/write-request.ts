import type { Conversation } from "../conversation.ts";
import type { WriteTarget, WrittenRequest } from "../dialect.ts";
import { ownFields, PlacedExtras } from "./placed-extras.ts";
import type { Fields } from "./request-fields.ts";
import { writeServiceTier } from "./service-tier.ts";
import { maxTokensOf, writeOutputConfig, writeThinking, writeToolChoice, writeTools } from "./write-options.ts";
import { writeTurns } from "./write-turns.ts";

/** A request to Anthropic's `/v1/messages`. */
export function writeRequest(conversation: Conversation, { model }: WriteTarget): WrittenRequest {
  const dropped = new Set<string>();
  const extras = new PlacedExtras(conversation.extras);
  const tools = writeTools(conversation.tools, extras);
  const written: Fields = {
    model,
    max_tokens: maxTokensOf(conversation, model),
    ...writeTurns(conversation.turns, extras, dropped),
    ...(tools.length === 0 ? {} : { tools }),
    ...writeToolChoice(conversation, tools.length > 0, dropped),
    ...(conversation.streamed ? { stream: true } : {}),
    ...writeSampling(conversation, dropped),
    ...writeTier(conversation.serviceTier, dropped),
    ...(conversation.user === null ? {} : { metadata: { user_id: conversation.user } }),
  };
  if (conversation.topLogprobs !== null) dropped.add("topLogprobs");
  const thinking = extras.complete(writeThinking(conversation.reasoning), "thinking", ownFields.thinking);
  const outputConfig = extras.complete(
    writeOutputConfig(conversation.reasoning, conversation.format, dropped),
    "output_config",
    ownFields.outputConfig,
  );
  const body: Fields = {
    ...written,
    ...(Object.keys(thinking).length === 0 ? {} : { thinking }),
    ...(Object.keys(outputConfig).length === 0 ? {} : { output_config: outputConfig }),
  };
  const completed = extras.complete(body, "", ownFields.request);
  return { kind: "written", body: completed, dropped: [...dropped, ...extras.untaken()] };
}

function writeSampling(conversation: Conversation, dropped: Set<string>): Fields {
  const { temperature, topP, topK, stopSequences } = conversation;
  const isTooHot = temperature !== null && temperature > 1;
  if (isTooHot) dropped.add("temperature");
  return {
    ...(temperature === null || isTooHot ? {} : { temperature }),
    ...(topP === null ? {} : { top_p: topP }),
    ...(topK === null ? {} : { top_k: topK }),
    ...(stopSequences.length === 0 ? {} : { stop_sequences: stopSequences }),
  };
}

function writeTier(tier: string | null, dropped: Set<string>): Fields {
  if (tier === null) return {};
  const own = writeServiceTier(tier);
  if (own === null) dropped.add("serviceTier");
  return own === null ? {} : { service_tier: own };
}
