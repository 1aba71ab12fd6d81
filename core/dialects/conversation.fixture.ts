import type { Conversation } from "./conversation.ts";

/** A conversation that says nothing but what it must. */
export const quietConversation: Conversation = {
  model: "m",
  streamed: false,
  turns: [],
  tools: [],
  toolChoice: null,
  parallelToolCalls: null,
  maxOutputTokens: null,
  temperature: null,
  topP: null,
  topK: null,
  stopSequences: [],
  format: null,
  reasoning: null,
  serviceTier: null,
  user: null,
  topLogprobs: null,
  extras: new Map(),
};
