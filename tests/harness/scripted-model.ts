import * as z from "zod";
import type { Behaviour } from "./provider.ts";
import { plainAnswer } from "./scripted-answers.ts";
import { answerEvents } from "./scripted-events.ts";

/** What a provider is called in. */
export type UpstreamApi = "chat" | "messages" | "responses";

/** What the scripted model understands of a request, whichever API it came in. */
interface Asked {
  readonly streamed: boolean;
  readonly hasTools: boolean;
  readonly wantsJson: boolean;
  readonly userText: string;
  readonly toolResults: readonly ToolResult[];
}

interface ToolResult {
  readonly callId: string;
  readonly text: string;
}

/** What it answers. */
export type Said =
  | { readonly kind: "text"; readonly text: string }
  /** One call of `get_weather` a city. */
  | { readonly kind: "calls"; readonly cities: readonly string[] };

export const greeting = "Hello there.";
export const forecast = { city: "Paris", degrees: 21 };

/** What the model says: it calls the tool it is given, then quotes what the tool said and to which call. */
export function say({ hasTools, wantsJson, userText, toolResults }: Asked): Said {
  if (toolResults.length > 0) return { kind: "text", text: quote(toolResults) };
  if (hasTools) return { kind: "calls", cities: userText.includes("both") ? ["Paris", "Rome"] : ["Paris"] };
  return { kind: "text", text: wantsJson ? JSON.stringify(forecast) : greeting };
}

export function quote(results: readonly ToolResult[]): string {
  return results.map(({ callId, text }) => `${callId}: ${text}`).join("; ");
}

const content = z.union([z.string(), z.array(z.looseObject({ text: z.string().optional() }))]).nullish();
type Content = z.infer<typeof content>;
const format = z.looseObject({ type: z.string() }).nullish();
const common = { stream: z.boolean().nullish(), tools: z.array(z.unknown()).nullish() };

const chatRequest = z.looseObject({
  ...common,
  messages: z.array(z.looseObject({ role: z.string(), content, tool_call_id: z.string().optional() })),
  response_format: format,
});
const messagesRequest = z.looseObject({
  ...common,
  messages: z.array(
    z.looseObject({
      role: z.string(),
      content: z.union([
        z.string(),
        z.array(
          z.looseObject({ type: z.string(), text: z.string().optional(), tool_use_id: z.string().optional(), content: content.optional() }),
        ),
      ]),
    }),
  ),
  output_config: z.looseObject({ format }).nullish(),
});
const responsesRequest = z.looseObject({
  ...common,
  input: z.union([
    z.string(),
    z.array(z.looseObject({ type: z.string().optional(), content, call_id: z.string().optional(), output: content.optional() })),
  ]),
  text: z.looseObject({ format }).nullish(),
});

function textOf(value: Content): string {
  return typeof value === "string" ? value : (value ?? []).map(({ text }) => text ?? "").join("");
}

const readers = {
  chat: (body: unknown): Asked => {
    const { stream, tools, messages, response_format } = chatRequest.parse(body);
    return {
      ...asked(stream, tools, response_format),
      userText: messages.map((message) => (message.role === "user" ? textOf(message.content) : "")).join(""),
      toolResults: messages.flatMap((message) =>
        message.role === "tool" ? [{ callId: message.tool_call_id ?? "", text: textOf(message.content) }] : [],
      ),
    };
  },
  messages: (body: unknown): Asked => {
    const { stream, tools, messages, output_config } = messagesRequest.parse(body);
    const blocks = messages.flatMap((message) => (typeof message.content === "string" ? [] : message.content));
    return {
      ...asked(stream, tools, output_config?.format),
      userText: messages.map((message) => (message.role === "user" ? textOf(message.content) : "")).join(""),
      toolResults: blocks.flatMap((block) =>
        block.type === "tool_result" ? [{ callId: block.tool_use_id ?? "", text: textOf(block.content) }] : [],
      ),
    };
  },
  responses: (body: unknown): Asked => {
    const { stream, tools, input, text } = responsesRequest.parse(body);
    const items = typeof input === "string" ? [{ content: input }] : input;
    return {
      ...asked(stream, tools, text?.format),
      userText: items.map((item) => textOf(item.content)).join(""),
      toolResults: items.flatMap((item) =>
        item.type === "function_call_output" ? [{ callId: item.call_id ?? "", text: textOf(item.output) }] : [],
      ),
    };
  },
} as const satisfies Record<UpstreamApi, (body: unknown) => Asked>;

function asked(stream: boolean | null | undefined, tools: readonly unknown[] | null | undefined, wanted: z.infer<typeof format>) {
  return { streamed: stream === true, hasTools: (tools ?? []).length > 0, wantsJson: wanted?.type === "json_schema" };
}

const apis: ReadonlyMap<string, UpstreamApi> = new Map([
  ["/v1/chat/completions", "chat"],
  ["/v1/messages", "messages"],
  ["/v1/responses", "responses"],
]);

/** The API that a path of the provider belongs to. */
export function apiOf(path: string): UpstreamApi {
  const api = apis.get(path.split("?")[0] ?? "");
  if (api === undefined) throw new Error(`the provider has no ${path}`);
  return api;
}

/** A provider that is OpenAI and Anthropic at once, told apart by path, with the scripted model behind it. */
export const scriptedModel: Behaviour = (response, { path, body }) => {
  if (path.startsWith("/v1/messages/count_tokens")) {
    response.writeHead(200, { "content-type": "application/json" }).end('{"input_tokens":100}');
    return;
  }
  const api = apiOf(path);
  const request = readers[api](JSON.parse(body));
  const said = say(request);
  if (!request.streamed) {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(plainAnswer(api, said)));
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const event of answerEvents(api, said)) response.write(event);
  response.end();
};
