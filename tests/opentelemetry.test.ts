import { context, SpanStatusCode, trace, type Tracer } from "@opentelemetry/api";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, TracerProvider, type SpanExporter } from "@opentelemetry/sdk-trace";
import { afterAll, afterEach, beforeAll, test, vi } from "vitest";
import { listScores } from "#core/contracts/api/scores.ts";
import { control, spansOf } from "./harness/control-api.ts";
import { completion, json, startProvider, type Provider } from "./harness/provider.ts";
import { startSystem, type RunningSystem } from "./harness/running-system.ts";
import { until } from "./harness/until.ts";

let provider: Provider;
let system: RunningSystem;

beforeAll(async () => {
  provider = await startProvider();
  system = await startSystem({ OPENAI_BASE_URL: provider.baseUrl, OPENAI_API_KEY: "sk-provider" });
});
afterAll(async () => {
  await system?.remove();
  await provider?.close();
});

/** Runs with a tracer whose spans an unmodified exporter sends; all are sent when this returns. */
async function traced(exporter: SpanExporter, work: (tracer: Tracer) => Promise<void>): Promise<void> {
  const resource = resourceFromAttributes({ "service.name": "shop", "deployment.environment.name": "test" });
  const tracers = new TracerProvider({ resource, spanProcessors: [new BatchSpanProcessor({ exporter })] });
  await work(tracers.getTracer("shop-agent", "1.0.0"));
  await tracers.forceFlush();
  await tracers.shutdown();
}

const authorization = () => `Bearer ${system.local.apiKey}`;

/** Exporters of both encodings, set up as the guide says: by variables of the environment. */
const exporters = {
  protobuf: { make: () => new ProtobufExporter(), endpoint: () => system.local.url, compression: "none" },
  "gzipped JSON": { make: () => new JsonExporter(), endpoint: () => `${system.local.url}/otel`, compression: "gzip" },
} as const;

function exporterOf(encoding: keyof typeof exporters): SpanExporter {
  const { make, endpoint, compression } = exporters[encoding];
  vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint());
  vi.stubEnv("OTEL_EXPORTER_OTLP_HEADERS", `authorization=${encodeURIComponent(authorization())}`);
  vi.stubEnv("OTEL_EXPORTER_OTLP_COMPRESSION", compression);
  return make();
}
afterEach(() => {
  vi.unstubAllEnvs();
});

test.for(["protobuf", "gzipped JSON"] as const)(
  "an unmodified exporter's spans (%s) and a call at the gateway are one trace",
  async (encoding, { expect }) => {
    provider.behave(json(200, completion));
    let traceId = "";
    let agentId = "";
    await traced(exporterOf(encoding), async (tracer) => {
      const agent = tracer.startSpan("invoke_agent weather", {
        attributes: {
          "gen_ai.operation.name": "invoke_agent",
          "gen_ai.agent.name": "weather",
          "session.id": "s1",
          "user.id": "ada",
          "gen_ai.usage.input_tokens": 10,
        },
      });
      ({ traceId, spanId: agentId } = agent.spanContext());
      const response = await fetch(`${system.local.url}/v1/chat/completions`, {
        method: "POST",
        headers: { authorization: authorization(), "content-type": "application/json", traceparent: `00-${traceId}-${agentId}-01` },
        body: JSON.stringify({ model: "gpt-4o", messages: [{ role: "user", content: "Weather?" }] }),
      });
      await response.arrayBuffer();
      const tool = tracer.startSpan(
        "execute_tool lookup",
        { attributes: { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "lookup" } },
        trace.setSpan(context.active(), agent),
      );
      tool.recordException(new TypeError("no such city"));
      tool.setStatus({ code: SpanStatusCode.ERROR, message: "failed" });
      tool.end();
      agent.addEvent("gen_ai.evaluation.result", { "gen_ai.evaluation.name": "tone", "gen_ai.evaluation.score.value": 0.5 });
      agent.addEvent("replanned", { step: 2 });
      agent.end();
    });

    const spans = await spansOf(system, traceId, { count: 4 });
    const named = new Map(spans.map((span) => [span.name, span]));
    expect([...named.keys()].toSorted()).toEqual(["execute_tool lookup", "gpt-4o", "invoke_agent weather", "replanned"]);
    expect(named.get("invoke_agent weather")).toMatchObject({
      spanId: agentId,
      parentSpanId: null,
      kind: "agent",
      ingestProtocol: "otlp",
      environment: "test",
      sessionId: "s1",
      userId: "ada",
      usage: null,
      usageRaw: '{"gen_ai.usage.input_tokens":10}',
      metadata: { "service.name": "shop", "gen_ai.agent.name": "weather", "otel.scope.name": "shop-agent", "otel.scope.version": "1.0.0" },
    });
    expect(named.get("gpt-4o")).toMatchObject({ parentSpanId: agentId, kind: "generation", ingestProtocol: "gateway" });
    expect(named.get("execute_tool lookup")).toMatchObject({
      parentSpanId: agentId,
      kind: "tool",
      toolNames: ["lookup"],
      status: "error",
      error: { code: "TypeError", message: "failed", upstreamStatus: null },
      metadata: { "exception.message": "no such city" },
    });
    expect(named.get("replanned")).toMatchObject({ parentSpanId: agentId, kind: "event", metadata: { step: 2 } });
    const scores = await until("the score", 20_000, async () => {
      const found = (await control(system, listScores, { params: { traceId } })).scores;
      return found.length > 0 ? found : null;
    });
    expect(scores).toMatchObject([{ spanId: agentId, sessionId: "s1", name: "tone", type: "number", value: 0.5, ingestProtocol: "otlp" }]);
  },
);

test("a span that is none is counted and explained, and the others are stored", async ({ expect }) => {
  const traceId = "4".repeat(32);
  const startTimeUnixNano = `${Date.now()}000000`;
  const span = { traceId, spanId: "4".repeat(16), name: "good", startTimeUnixNano, endTimeUnixNano: startTimeUnixNano };
  const response = await fetch(`${system.local.url}/api/public/otel/v1/traces`, {
    method: "POST",
    headers: { authorization: authorization(), "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span, { ...span, traceId: "short" }] }] }] }),
  });
  expect([response.status, await response.json()]).toEqual([
    200,
    {
      partialSuccess: {
        rejectedSpans: "1",
        errorMessage: '1 of 2 spans were not taken: span 1 ("good"): `traceId` must be 16 bytes, not all zero',
      },
    },
  ]);
  expect(await spansOf(system, traceId)).toMatchObject([{ name: "good", kind: "span", ingestProtocol: "otlp" }]);
});
