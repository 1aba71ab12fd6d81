import * as z from "zod";
import { batchLimits, limitsText } from "./event-batch.ts";
import { eventSchema } from "./event.ts";

/** The body of `POST /v1/events`. */
const batchSchema = z.strictObject({ events: z.array(eventSchema).min(1).max(batchLimits.items) });

/** A batch of every type of item, which can be sent as it is within the year of `nowMs`. */
function exampleBatch(nowMs: number): z.input<typeof batchSchema> {
  const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
  const spanId = "00f067aa0ba902b7";
  const startedAtMs = Math.floor(nowMs) - 2_000;
  return {
    events: [
      {
        type: "span",
        traceId,
        spanId,
        name: "answer a question",
        kind: "generation",
        startedAtMs,
        endedAtMs: startedAtMs + 1_250,
        sessionId: "conversation-1",
        userId: "ada",
        tags: ["support"],
        metadata: { plan: "team", turn: 2 },
        provider: "openai",
        modelRequested: "gpt-4o",
        usage: { inputTokens: 100, inputCachedTokens: 20, outputTokens: 50 },
        input: [{ role: "user", content: "What is a span?" }],
        output: "One step of a trace.",
      },
      { type: "event", traceId, spanId: "00f067aa0ba902b8", parentSpanId: spanId, name: "copied to clipboard", atMs: startedAtMs + 1_800 },
      { type: "score", traceId, spanId, name: "helpful", value: true, source: "user", comment: "Short and clear." },
    ],
  };
}

/** The JSON schema of a batch, with an example that may be posted as it stands. */
export function batchJsonSchema(nowMs: number): Readonly<Record<string, unknown>> {
  return {
    ...z.toJSONSchema(batchSchema, { io: "input" }),
    title: "POST /v1/events",
    description: `Spans, events and scores; an item without \`type\` is a span. ${limitsText} Times are epoch milliseconds.`,
    examples: [exampleBatch(nowMs)],
  };
}
