import { quietConversation } from "../conversation.fixture.ts";
import type { Conversation } from "../conversation.ts";
import type { DialectFixtures } from "../dialect.fixture.ts";

const empty: Conversation = { ...quietConversation, model: "claude-sonnet-4-5", maxOutputTokens: 1_024 };
const head = { model: "claude-sonnet-4-5", max_tokens: 1_024 };
const text = (words: string) => ({ kind: "text", text: words, cache: null }) as const;
const hello = { role: "user", content: "Hello" };
const helloTurn = { role: "user", blocks: [text("Hello")] } as const;
const weatherSchema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const call = (id: string, city: string) => ({ type: "tool_use", id, name: "weather", input: { city } });
const callBlock = (id: string, city: string) =>
  ({ kind: "tool-call", id, name: "weather", arguments: JSON.stringify({ city }), cache: null }) as const;
const png = { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" };
const pngSource = { kind: "base64", mediaType: "image/png", data: "iVBORw0KGgo=" } as const;

/** Requests, and what they mean. */
export const requests: DialectFixtures["requests"] = {
  plain: {
    body: {
      ...head,
      system: "Be brief.",
      messages: [hello, { role: "assistant", content: "Hi." }, { role: "user", content: [{ type: "text", text: "Who are you?" }] }],
      stream: true,
      temperature: 0,
      top_p: 0.9,
      top_k: 40,
      stop_sequences: ["END"],
      metadata: { user_id: "user-1" },
      service_tier: "standard_only",
    },
    conversation: {
      ...empty,
      streamed: true,
      turns: [
        { role: "system", blocks: [text("Be brief.")] },
        helloTurn,
        { role: "assistant", blocks: [text("Hi.")] },
        { role: "user", blocks: [text("Who are you?")] },
      ],
      temperature: 0,
      topP: 0.9,
      topK: 40,
      stopSequences: ["END"],
      user: "user-1",
      serviceTier: "default",
    },
  },
  "what says nothing": {
    body: {
      ...head,
      messages: [{ role: "user", content: [{ type: "text", text: "Hello", cache_control: null, citations: [] }] }],
      system: "",
      stream: false,
      tools: [],
      tool_choice: null,
      stop_sequences: [],
      metadata: {},
      temperature: null,
      thinking: null,
      output_config: { effort: null, format: null },
      container: null,
      mcp_servers: [],
      speed: "standard",
    },
    conversation: { ...empty, turns: [helloTurn] },
  },
  cache: {
    body: {
      ...head,
      system: [
        { type: "text", text: "Long rules.", cache_control: { type: "ephemeral", ttl: "1h" } },
        { type: "text", text: "Short ones." },
      ],
      messages: [{ role: "user", content: [{ type: "text", text: "Hello", cache_control: { type: "ephemeral" } }] }],
      tools: [{ name: "now", input_schema: { type: "object" }, cache_control: { type: "ephemeral", ttl: "5m" } }],
    },
    conversation: {
      ...empty,
      turns: [
        { role: "system", blocks: [{ kind: "text", text: "Long rules.", cache: "1h" }, text("Short ones.")] },
        { role: "user", blocks: [{ kind: "text", text: "Hello", cache: "5m" }] },
      ],
      tools: [{ name: "now", description: "", schema: { type: "object" }, strict: null, cache: "5m" }],
    },
  },
  tools: {
    body: {
      ...head,
      messages: [
        { role: "user", content: "Weather in Paris and Rome, and the time?" },
        {
          role: "assistant",
          content: [
            { type: "text", text: "Let me see." },
            { ...call("toolu_1", "Paris"), caller: { type: "direct" } },
            call("toolu_2", "Rome"),
            { type: "tool_use", id: "toolu_3", name: "now", input: {} },
          ],
        },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "toolu_1", content: "Sunny" },
            {
              type: "tool_result",
              tool_use_id: "toolu_2",
              content: [
                { type: "text", text: "A map:" },
                { type: "image", source: png },
              ],
              cache_control: { type: "ephemeral" },
            },
            { type: "tool_result", tool_use_id: "toolu_3", is_error: true },
            { type: "text", text: "So?" },
          ],
        },
      ],
      tools: [
        { type: "custom", name: "weather", description: "The weather", input_schema: weatherSchema, strict: true },
        { name: "now", input_schema: { type: "object", properties: {} } },
      ],
      tool_choice: { type: "any", disable_parallel_tool_use: true },
    },
    conversation: {
      ...empty,
      turns: [
        { role: "user", blocks: [text("Weather in Paris and Rome, and the time?")] },
        {
          role: "assistant",
          blocks: [
            text("Let me see."),
            callBlock("toolu_1", "Paris"),
            callBlock("toolu_2", "Rome"),
            { kind: "tool-call", id: "toolu_3", name: "now", arguments: "{}", cache: null },
          ],
        },
        {
          role: "user",
          blocks: [
            { kind: "tool-result", callId: "toolu_1", blocks: [text("Sunny")], isError: false, cache: null },
            {
              kind: "tool-result",
              callId: "toolu_2",
              blocks: [text("A map:"), { kind: "image", source: pngSource, detail: null, cache: null }],
              isError: false,
              cache: "5m",
            },
            { kind: "tool-result", callId: "toolu_3", blocks: [], isError: true, cache: null },
            text("So?"),
          ],
        },
      ],
      tools: [
        { name: "weather", description: "The weather", schema: weatherSchema, strict: true, cache: null },
        { name: "now", description: "", schema: { type: "object", properties: {} }, strict: null, cache: null },
      ],
      toolChoice: { kind: "required" },
      parallelToolCalls: false,
    },
  },
  "one tool": {
    body: {
      ...head,
      messages: [hello],
      tools: [{ name: "now", input_schema: { type: "object" } }],
      tool_choice: { type: "tool", name: "now", disable_parallel_tool_use: false },
    },
    conversation: {
      ...empty,
      turns: [helloTurn],
      tools: [{ name: "now", description: "", schema: { type: "object" }, strict: null, cache: null }],
      toolChoice: { kind: "tool", name: "now" },
    },
  },
  "turns of one role, results after text, and empty texts": {
    body: {
      ...head,
      system: [{ type: "text", text: "" }],
      messages: [
        { role: "system", content: "Answer in French." },
        hello,
        { role: "user", content: "" },
        { role: "user", content: [{ type: "text", text: "Weather?" }] },
        { role: "assistant", content: "" },
        { role: "assistant", content: [call("toolu_1", "Paris")] },
        { role: "assistant", content: [call("toolu_2", "Rome")] },
        {
          role: "user",
          content: [
            { type: "text", text: "Here:" },
            { type: "tool_result", tool_use_id: "toolu_1", content: [{ type: "text", text: "" }] },
          ],
        },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_2", content: "" }] },
      ],
    },
    conversation: {
      ...empty,
      turns: [
        { role: "system", blocks: [text("Answer in French.")] },
        { role: "user", blocks: [text("Hello"), text("Weather?")] },
        { role: "assistant", blocks: [callBlock("toolu_1", "Paris"), callBlock("toolu_2", "Rome")] },
        {
          role: "user",
          blocks: [
            { kind: "tool-result", callId: "toolu_1", blocks: [], isError: false, cache: null },
            { kind: "tool-result", callId: "toolu_2", blocks: [], isError: false, cache: null },
            text("Here:"),
          ],
        },
      ],
    },
  },
  images: {
    body: {
      ...head,
      messages: [
        {
          role: "user",
          content: [
            { type: "image", source: png, cache_control: { type: "ephemeral" } },
            { type: "image", source: { type: "url", url: "https://example.com/a.jpg" } },
            { type: "image", source: { type: "file", file_id: "file_011" } },
            { type: "text", text: "What are these?" },
          ],
        },
      ],
    },
    conversation: {
      ...empty,
      turns: [
        {
          role: "user",
          blocks: [
            { kind: "image", source: pngSource, detail: null, cache: "5m" },
            { kind: "image", source: { kind: "url", url: "https://example.com/a.jpg" }, detail: null, cache: null },
            { kind: "image", source: { kind: "file", id: "file_011" }, detail: null, cache: null },
            text("What are these?"),
          ],
        },
      ],
    },
  },
  documents: {
    body: {
      ...head,
      messages: [
        {
          role: "user",
          content: [
            { type: "document", source: { type: "base64", media_type: "application/pdf", data: "JVBERi0=" }, title: "Report" },
            { type: "document", source: { type: "url", url: "https://example.com/a.pdf" }, citations: { enabled: false } },
            { type: "document", source: { type: "file", file_id: "file_011" }, title: null },
            {
              type: "document",
              source: { type: "text", media_type: "text/plain", data: "Once" },
              citations: { enabled: true },
              context: "A tale",
            },
          ],
        },
      ],
    },
    conversation: {
      ...empty,
      turns: [
        {
          role: "user",
          blocks: [
            {
              kind: "document",
              source: { kind: "base64", mediaType: "application/pdf", data: "JVBERi0=" },
              title: "Report",
              cache: null,
            },
            { kind: "document", source: { kind: "url", url: "https://example.com/a.pdf" }, title: "", cache: null },
            { kind: "document", source: { kind: "file", id: "file_011" }, title: "", cache: null },
            { kind: "document", source: { kind: "text", text: "Once" }, title: "", cache: null },
          ],
        },
      ],
      extras: new Map<string, unknown>([
        ["messages.0.content.3.citations", { enabled: true }],
        ["messages.0.content.3.context", "A tale"],
      ]),
    },
  },
  thinking: {
    body: {
      ...head,
      max_tokens: 4_096,
      messages: [
        hello,
        {
          role: "assistant",
          content: [
            { type: "thinking", thinking: "They greet.", signature: "EqQB" },
            { type: "redacted_thinking", data: "Emwk" },
            { type: "thinking", thinking: "", signature: "ErUB" },
            call("toolu_1", "Paris"),
          ],
        },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "Sunny" }] },
      ],
      thinking: { type: "enabled", budget_tokens: 2_048 },
    },
    conversation: {
      ...empty,
      maxOutputTokens: 4_096,
      turns: [
        helloTurn,
        {
          role: "assistant",
          blocks: [
            { kind: "thinking", text: "They greet.", seal: { origin: "messages", value: "EqQB" } },
            { kind: "redacted-thinking", seal: { origin: "messages", value: "Emwk" } },
            { kind: "thinking", text: "", seal: { origin: "messages", value: "ErUB" } },
            callBlock("toolu_1", "Paris"),
          ],
        },
        {
          role: "user",
          blocks: [{ kind: "tool-result", callId: "toolu_1", blocks: [text("Sunny")], isError: false, cache: null }],
        },
      ],
      reasoning: { kind: "budget", tokens: 2_048 },
    },
  },
  "no thinking": {
    body: { ...head, messages: [hello], thinking: { type: "disabled" } },
    conversation: { ...empty, turns: [helloTurn], reasoning: { kind: "off" } },
  },
  "adaptive thinking": {
    body: { ...head, messages: [hello], thinking: { type: "adaptive", display: "omitted" }, output_config: { effort: "xhigh" } },
    conversation: {
      ...empty,
      turns: [helloTurn],
      reasoning: { kind: "adaptive", effort: "xhigh" },
      extras: new Map([["thinking.display", "omitted"]]),
    },
  },
  effort: {
    body: { ...head, messages: [hello], output_config: { effort: "low" } },
    conversation: { ...empty, turns: [helloTurn], reasoning: { kind: "effort", effort: "low" } },
  },
  "a budget and an effort": {
    body: { ...head, messages: [hello], thinking: { type: "enabled", budget_tokens: 1_024 }, output_config: { effort: "max" } },
    conversation: {
      ...empty,
      turns: [helloTurn],
      reasoning: { kind: "budget", tokens: 1_024 },
      extras: new Map([["output_config.effort", "max"]]),
    },
  },
  format: {
    body: { ...head, messages: [hello], output_config: { format: { type: "json_schema", schema: weatherSchema } } },
    conversation: {
      ...empty,
      turns: [helloTurn],
      format: { kind: "schema", name: "", description: "", schema: weatherSchema, strict: null },
    },
  },
  "the provider's own tools": {
    body: {
      ...head,
      messages: [
        hello,
        {
          role: "assistant",
          content: [{ type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "weather" } }],
        },
        { role: "user", content: [{ type: "text", text: "Go on." }] },
        {
          role: "assistant",
          content: [
            { type: "text", text: "It is " },
            { type: "web_search_tool_result", tool_use_id: "srvtoolu_1", content: [] },
            { type: "text", text: "sunny.", citations: [{ type: "web_search_result_location", url: "https://example.com" }] },
          ],
        },
        {
          role: "user",
          content: [{ type: "tool_result", tool_use_id: "toolu_1", content: [{ type: "tool_reference", tool_name: "now" }] }],
        },
      ],
      tools: [
        { type: "web_search_20250305", name: "web_search", max_uses: 3 },
        { name: "now", input_schema: { type: "object" }, defer_loading: true },
      ],
      container: "container_1",
      thinking: { type: "between_tools" },
    },
    conversation: {
      ...empty,
      turns: [
        helloTurn,
        { role: "assistant", blocks: [] },
        { role: "user", blocks: [text("Go on.")] },
        { role: "assistant", blocks: [text("It is "), text("sunny.")] },
        { role: "user", blocks: [{ kind: "tool-result", callId: "toolu_1", blocks: [], isError: false, cache: null }] },
      ],
      tools: [{ name: "now", description: "", schema: { type: "object" }, strict: null, cache: null }],
      extras: new Map<string, unknown>([
        [
          "messages.1.content.0 (server_tool_use)",
          { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "weather" } },
        ],
        ["messages.3.content.1 (web_search_tool_result)", { type: "web_search_tool_result", tool_use_id: "srvtoolu_1", content: [] }],
        ["messages.3.content.2.citations", [{ type: "web_search_result_location", url: "https://example.com" }]],
        ["messages.4.content.0.content.0 (tool_reference)", { type: "tool_reference", tool_name: "now" }],
        ["tools.0 (web_search_20250305)", { type: "web_search_20250305", name: "web_search", max_uses: 3 }],
        ["tools.1.defer_loading", true],
        ["container", "container_1"],
        ["thinking.type", "between_tools"],
      ]),
    },
  },
};
