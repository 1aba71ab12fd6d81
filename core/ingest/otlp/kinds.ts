import type { Span } from "../../contracts/span.ts";

type Kind = Span["kind"];
type KindTable = Readonly<Record<string, Kind>>;

/** The AI SDK's operations: the calls of a model are `do…`; what is above them repeats their usage. */
const aiOperations = {
  "ai.generateText": "chain",
  "ai.streamText": "chain",
  "ai.generateObject": "chain",
  "ai.streamObject": "chain",
  "ai.embed": "chain",
  "ai.embedMany": "chain",
  "ai.rerank": "chain",
  "ai.generateText.doGenerate": "generation",
  "ai.streamText.doStream": "generation",
  "ai.generateObject.doGenerate": "generation",
  "ai.streamObject.doStream": "generation",
  "ai.embed.doEmbed": "embedding",
  "ai.embedMany.doEmbed": "embedding",
  "ai.rerank.doRerank": "retriever",
  "ai.toolCall": "tool",
} as const satisfies KindTable;

/**
 * What says a span's kind, first to last, and which word is which kind. What repeats the usage of the calls below it must
 * not be a generation or an embedding: usage counts on those alone (`countsUsage`).
 */
export const kindSources = {
  "langfuse.observation.type": {
    generation: "generation",
    embedding: "embedding",
    tool: "tool",
    agent: "agent",
    chain: "chain",
    retriever: "retriever",
    event: "event",
    span: "span",
    evaluator: "span",
    guardrail: "span",
  },
  "openinference.span.kind": {
    LLM: "generation",
    EMBEDDING: "embedding",
    CHAIN: "chain",
    RETRIEVER: "retriever",
    RERANKER: "retriever",
    TOOL: "tool",
    AGENT: "agent",
    GUARDRAIL: "span",
    EVALUATOR: "span",
    PROMPT: "span",
  },
  "gen_ai.operation.name": {
    chat: "generation",
    text_completion: "generation",
    generate_content: "generation",
    embeddings: "embedding",
    retrieval: "retriever",
    rerank: "retriever",
    execute_tool: "tool",
    invoke_agent: "agent",
    create_agent: "agent",
    invoke_workflow: "chain",
    plan: "chain",
    agent_step: "chain",
  },
  "traceloop.span.kind": { workflow: "chain", task: "chain", agent: "agent", tool: "tool" },
  "llm.request.type": { chat: "generation", completion: "generation", embedding: "embedding", rerank: "retriever" },
  "ai.operationId": aiOperations,
  "operation.name": aiOperations,
} as const satisfies Record<string, KindTable>;

const tables = new Map(
  Object.entries(kindSources).map(([name, table], rank) => [name, { rank, kinds: new Map<string, Kind>(Object.entries(table)) }]),
);

/** The kind that attributes tell; `null` where none does. They tell more than that, so they stay among the span's metadata. */
export function kindOf(attributes: Iterable<readonly [name: string, value: unknown]>): Kind | null {
  let best: { readonly rank: number; readonly kind: Kind } | null = null;
  for (const [name, value] of attributes) {
    const table = tables.get(name);
    if (table === undefined || typeof value !== "string" || (best !== null && best.rank < table.rank)) continue;
    // `operation.name` is followed by the name of the function.
    const kind = table.kinds.get(value) ?? table.kinds.get(value.split(" ", 1)[0] ?? "");
    if (kind !== undefined) best = { rank: table.rank, kind };
  }
  return best?.kind ?? null;
}

/** Whether a span's usage is its own: that of all others is the sum of what is below them. */
export function countsUsage(kind: Kind): boolean {
  return kind === "generation" || kind === "embedding";
}
