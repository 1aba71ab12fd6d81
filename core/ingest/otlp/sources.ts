/**
 * Where each fact of a span is read from, by attribute name: of those that a span has, the first says it. One row a fact,
 * and the names of another convention are more words in it. They are those of OpenTelemetry's GenAI conventions (old names
 * too), OpenInference, OpenLLMetry (Traceloop), the AI SDK and Langfuse.
 */
export const sources = {
  provider: ["gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system", "ai.model.provider"],
  modelRequested: ["gen_ai.request.model", "ai.model.id", "llm.request.model_name", "langfuse.observation.model.name"],
  modelServed: [
    "gen_ai.response.model",
    "ai.response.model",
    "llm.response.model_name",
    "llm.model_name",
    "embedding.model_name",
    "reranker.model_name",
  ],
  finishReason: ["gen_ai.response.finish_reasons", "ai.response.finishReason", "llm.finish_reason"],
  streamed: ["gen_ai.request.stream", "llm.is_streaming", "gen_ai.is_streaming"],
  userId: [
    "user.id",
    "langfuse.user.id",
    "enduser.id",
    "ai.telemetry.metadata.userId",
    "traceloop.association.properties.user_id",
    "ai.settings.context.userId",
  ],
  sessionId: [
    "session.id",
    "gen_ai.conversation.id",
    "langfuse.session.id",
    "ai.telemetry.metadata.sessionId",
    "traceloop.association.properties.session_id",
    "traceloop.association.properties.thread_id",
  ],
  environment: ["langfuse.environment", "deployment.environment.name", "deployment.environment"],
  release: ["langfuse.release", "service.version"],
  tags: ["langfuse.trace.tags", "tag.tags", "ai.telemetry.metadata.tags"],
  toolName: ["gen_ai.tool.name", "ai.toolCall.name", "tool.name"],
  promptId: ["langfuse.observation.prompt.name", "gen_ai.prompt.name", "prompt.id"],
  promptVersion: ["langfuse.observation.prompt.version", "gen_ai.prompt.version", "llm.prompt_template.version"],
  errorType: ["error.type", "exception.type"],
  errorMessage: ["exception.message", "langfuse.observation.status_message"],
  level: ["langfuse.observation.level"],
  timeToFirstToken: [
    "gen_ai.response.time_to_first_chunk",
    "gen_ai.client.operation.time_to_first_chunk",
    "ai.response.msToFirstChunk",
    "langfuse.observation.completion_start_time",
  ],

  invocationParameters: ["llm.invocation_parameters", "langfuse.observation.model.parameters"],
  toolDefinitions: ["gen_ai.tool.definitions", "ai.prompt.tools"],
  toolChoice: ["ai.prompt.toolChoice"],

  inputTokens: [
    "gen_ai.usage.input_tokens",
    "gen_ai.usage.prompt_tokens",
    "llm.usage.prompt_tokens",
    "llm.token_count.prompt",
    "ai.usage.inputTokens",
    "ai.usage.promptTokens",
    "ai.usage.tokens",
  ],
  outputTokens: [
    "gen_ai.usage.output_tokens",
    "gen_ai.usage.completion_tokens",
    "llm.usage.completion_tokens",
    "llm.token_count.completion",
    "ai.usage.outputTokens",
    "ai.usage.completionTokens",
  ],
  totalTokens: ["gen_ai.usage.total_tokens", "llm.usage.total_tokens", "llm.token_count.total", "ai.usage.totalTokens"],
  /** Of the input, without what was read from or written to a cache. */
  plainInputTokens: ["ai.usage.inputTokenDetails.noCacheTokens"],
  cacheReadTokens: [
    "gen_ai.usage.cache_read.input_tokens",
    "gen_ai.usage.cache_read_input_tokens",
    "gen_ai.usage.cache_read_tokens",
    "gen_ai.usage.input_cached_tokens",
    "llm.token_count.prompt_details.cache_read",
    "ai.usage.inputTokenDetails.cacheReadTokens",
    "ai.usage.cachedInputTokens",
  ],
  cacheWriteTokens: [
    "gen_ai.usage.cache_write.input_tokens",
    "gen_ai.usage.cache_creation.input_tokens",
    "gen_ai.usage.cache_creation_input_tokens",
    "gen_ai.usage.cache_write_tokens",
    "llm.token_count.prompt_details.cache_write",
    "ai.usage.inputTokenDetails.cacheWriteTokens",
  ],
  reasoningTokens: [
    "gen_ai.usage.reasoning.output_tokens",
    "gen_ai.usage.reasoning_tokens",
    "llm.token_count.completion_details.reasoning",
    "ai.usage.outputTokenDetails.reasoningTokens",
    "ai.usage.reasoningTokens",
  ],
  inputAudioTokens: ["llm.token_count.prompt_details.audio"],
  outputAudioTokens: ["llm.token_count.completion_details.audio"],
  usageDetails: ["langfuse.observation.usage_details"],
  /** Only told beside the figures above, of which they are parts. */
  usageParts: ["ai.usage.outputTokenDetails.textTokens"],

  costUsd: ["gen_ai.usage.cost", "llm.cost.total"],
  inputCostUsd: ["llm.cost.prompt"],
  outputCostUsd: ["llm.cost.completion"],
  costDetails: ["langfuse.observation.cost_details"],

  systemInstructions: ["gen_ai.system_instructions"],
  input: [
    "langfuse.observation.input",
    "gen_ai.input.messages",
    "ai.prompt.messages",
    "ai.prompt",
    "ai.values",
    "ai.value",
    "traceloop.entity.input",
    "gen_ai.tool.call.arguments",
    "ai.toolCall.args",
    "gen_ai.prompt",
    "input.value",
  ],
  output: [
    "langfuse.observation.output",
    "gen_ai.output.messages",
    "ai.response.object",
    "traceloop.entity.output",
    "gen_ai.tool.call.result",
    "ai.toolCall.result",
    "gen_ai.completion",
    "gen_ai.retrieval.documents",
    "output.value",
  ],
  /** Together the output, where nothing above says it. */
  responseText: ["ai.response.text"],
  responseToolCalls: ["ai.response.toolCalls"],
  inputMediaType: ["input.mime_type"],
  outputMediaType: ["output.mime_type"],
} as const satisfies Record<string, readonly string[]>;

export type Fact = keyof typeof sources;

/** What a fact becomes that is sent more than once: all but the first say the same in another convention's words. */
const contentFacts: ReadonlySet<Fact> = new Set<Fact>([
  "systemInstructions",
  "input",
  "output",
  "responseText",
  "responseToolCalls",
  "inputMediaType",
  "outputMediaType",
]);

/** Facts whose attributes are kept together, as they were sent, in `usageRaw`. */
const usageFacts: ReadonlySet<Fact> = new Set<Fact>([
  "inputTokens",
  "outputTokens",
  "totalTokens",
  "plainInputTokens",
  "cacheReadTokens",
  "cacheWriteTokens",
  "reasoningTokens",
  "inputAudioTokens",
  "outputAudioTokens",
  "usageDetails",
  "usageParts",
  "costUsd",
  "inputCostUsd",
  "outputCostUsd",
  "costDetails",
]);

/** Attributes that come in many of one beginning: what follows it is a path, or a name. */
export const families = {
  "llm.input_messages.": "inputMessages",
  "gen_ai.prompt.": "inputMessages",
  "llm.prompts.": "inputMessages",
  "reranker.input_documents.": "inputMessages",
  "llm.output_messages.": "outputMessages",
  "gen_ai.completion.": "outputMessages",
  "retrieval.documents.": "outputMessages",
  "reranker.output_documents.": "outputMessages",
  "embedding.embeddings.": "outputMessages",
  "llm.tools.": "tools",
  "gen_ai.request.": "parameters",
  "ai.settings.": "parameters",
} as const satisfies Record<string, string>;

export type Family = (typeof families)[keyof typeof families];

/** A name's place: the fact it may say, and after how many others. */
interface Place {
  readonly fact: Fact;
  readonly rank: number;
  readonly isContent: boolean;
  readonly isUsage: boolean;
}

const facts = Object.keys(sources).filter((name): name is Fact => name in sources);

/** The same table the other way round: each attribute of a span is looked up once. */
export const places: ReadonlyMap<string, Place> = new Map(
  facts.flatMap((fact) =>
    sources[fact].map((name, rank): [string, Place] => [
      name,
      { fact, rank, isContent: contentFacts.has(fact), isUsage: usageFacts.has(fact) },
    ]),
  ),
);
