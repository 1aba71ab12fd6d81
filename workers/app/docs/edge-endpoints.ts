/** What applications ask with a virtual key, at the gateway's address. */
interface EdgeEndpoint {
  readonly method: "GET" | "POST";
  readonly path: `/v1/${string}`;
  readonly summary: string;
  /** Who describes it in full. */
  readonly link: { readonly text: string; readonly href: string };
  /** What a first try sends at a moment; `undefined`: nothing. */
  readonly body: (nowMs: number) => unknown;
}

const messages = [{ role: "user", content: "Say hello." }];

/** The gateway's and the ingestion's own endpoints: other products' APIs, which say themselves how they are used. */
export const edgeEndpoints = [
  {
    method: "POST",
    path: "/v1/chat/completions",
    summary: "A chat completion of any provider, plain or streaming. Models are `provider/model`; well-known names need no provider.",
    link: { text: "OpenAI's chat completions", href: "https://platform.openai.com/docs/api-reference/chat" },
    body: () => ({ model: "openai/gpt-4o-mini", messages }),
  },
  {
    method: "POST",
    path: "/v1/responses",
    summary: "The same in OpenAI's newer form.",
    link: { text: "OpenAI's responses", href: "https://platform.openai.com/docs/api-reference/responses" },
    body: () => ({ model: "openai/gpt-4o-mini", input: "Say hello." }),
  },
  {
    method: "POST",
    path: "/v1/messages",
    summary: "The same in Anthropic's form.",
    link: { text: "Anthropic's messages", href: "https://docs.anthropic.com/en/api/messages" },
    body: () => ({ model: "openai/gpt-4o-mini", max_tokens: 1024, messages }),
  },
  {
    method: "POST",
    path: "/v1/embeddings",
    summary: "Vectors of texts.",
    link: { text: "OpenAI's embeddings", href: "https://platform.openai.com/docs/api-reference/embeddings" },
    body: () => ({ model: "openai/text-embedding-3-small", input: "hello" }),
  },
  {
    method: "GET",
    path: "/v1/models",
    summary: "The models that have a price.",
    link: { text: "OpenAI's models", href: "https://platform.openai.com/docs/api-reference/models" },
    body: () => undefined,
  },
  {
    method: "POST",
    path: "/v1/events",
    summary:
      "Spans, events and scores from elsewhere: up to 1,000 and 5 MB at once. 202 says that every right one is durable, and names each wrong one. `GET /v1/events/schema` has the whole form.",
    link: { text: "JSON Schema", href: "https://json-schema.org/understanding-json-schema" },
    body: (nowMs) => ({ events: [{ name: "look up", kind: "tool", startedAtMs: nowMs, input: { query: "hello" }, output: "world" }] }),
  },
  {
    method: "POST",
    path: "/v1/traces",
    summary: "Traces of OpenTelemetry: an unmodified exporter, by OTLP over HTTP, as protobuf or JSON, plain or gzip.",
    link: { text: "OTLP exporters", href: "https://opentelemetry.io/docs/languages/sdk-configuration/otlp-exporter/" },
    body: (nowMs) => ({
      resourceSpans: [
        {
          resource: { attributes: [{ key: "service.name", value: { stringValue: "shell" } }] },
          scopeSpans: [
            {
              spans: [
                {
                  traceId: "5b8efff798038103d269b633813fc60c",
                  spanId: "eee19b7ec3c1b174",
                  name: "look up",
                  kind: 1,
                  startTimeUnixNano: `${nowMs}000000`,
                  endTimeUnixNano: `${nowMs}900000`,
                },
              ],
            },
          ],
        },
      ],
    }),
  },
] as const satisfies readonly EdgeEndpoint[];
