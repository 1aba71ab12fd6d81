import { quietConversation } from "../conversation.fixture.ts";
import type { Usage } from "../../contracts/usage.ts";
import type { Conversation, TextBlock } from "../conversation.ts";
import type { DialectFixtures } from "../dialect.fixture.ts";
import { answers } from "./answers.fixture.ts";
import { failing, streams } from "./streams.fixture.ts";

const none: Usage = {
  inputTokens: 0,
  inputCachedTokens: 0,
  cacheWriteTokens: 0,
  cacheWriteHourTokens: 0,
  inputAudioTokens: 0,
  inputImageTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  outputAudioTokens: 0,
};

const base: Conversation = { ...quietConversation, model: "gpt-5" };

const text = (words: string): TextBlock => ({ kind: "text", text: words, cache: null });
const pixel = "iVBORw0KGgo=";
const schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false };
const call = (id: string, city: string) =>
  ({ kind: "tool-call", id, name: "weather", arguments: `{"city":"${city}"}`, cache: null }) as const;
const callItem = (id: string, city: string) => ({ type: "function_call", call_id: id, name: "weather", arguments: `{"city":"${city}"}` });

/** All are carried whole: what is written of one is read as the same. */
export const responsesFixtures: DialectFixtures = {
  requests: {
    plain: {
      body: { model: "gpt-5", instructions: "Be brief.", input: "Hello" },
      conversation: {
        ...base,
        turns: [
          { role: "system", blocks: [text("Be brief.")] },
          { role: "user", blocks: [text("Hello")] },
        ],
      },
    },
    everyField: {
      body: {
        model: "gpt-5",
        input: [{ role: "user", content: "Hi" }],
        stream: true,
        stream_options: { include_obfuscation: false },
        max_output_tokens: 100,
        temperature: 0,
        top_p: 0.5,
        top_logprobs: 2,
        include: ["reasoning.encrypted_content", "message.output_text.logprobs", "web_search_call.results"],
        parallel_tool_calls: false,
        tool_choice: "none",
        reasoning: { effort: "low", summary: "auto" },
        text: { format: { type: "text" }, verbosity: "low" },
        service_tier: "flex",
        safety_identifier: "u-1",
        user: "u-1",
        store: true,
        background: false,
        truncation: "auto",
        metadata: { run: "7" },
        previous_response_id: "resp_0",
        prompt_cache_key: "k",
        max_tool_calls: 3,
      },
      conversation: {
        ...base,
        streamed: true,
        turns: [{ role: "user", blocks: [text("Hi")] }],
        toolChoice: { kind: "none" },
        parallelToolCalls: false,
        maxOutputTokens: 100,
        temperature: 0,
        topP: 0.5,
        format: { kind: "text" },
        reasoning: { kind: "effort", effort: "low" },
        serviceTier: "flex",
        user: "u-1",
        topLogprobs: 2,
        extras: new Map<string, unknown>([
          ["include", ["web_search_call.results"]],
          ["reasoning.summary", "auto"],
          ["verbosity", "low"],
          ["store", true],
          ["truncation", "auto"],
          ["metadata", { run: "7" }],
          ["previous_response_id", "resp_0"],
          ["prompt_cache_key", "k"],
          ["max_tool_calls", 3],
        ]),
      },
    },
    nothingSaid: {
      body: {
        model: "gpt-5",
        input: [],
        instructions: null,
        stream: false,
        store: false,
        background: false,
        truncation: "disabled",
        metadata: {},
        tools: [],
        include: ["reasoning.encrypted_content"],
        top_logprobs: 0,
        text: {},
        reasoning: { effort: null, summary: null },
        temperature: null,
        previous_response_id: null,
      },
      conversation: base,
    },
    roles: {
      body: {
        model: "gpt-5",
        instructions: "One.",
        input: [
          { type: "message", role: "system", content: "Two." },
          { role: "developer", content: [{ type: "input_text", text: "Three." }] },
          {
            role: "user",
            content: [
              { type: "input_text", text: "a" },
              { type: "input_text", text: "b" },
            ],
          },
          { role: "user", content: "" },
          { role: "system", content: "Four." },
          { role: "assistant", content: "So" },
        ],
      },
      conversation: {
        ...base,
        turns: [
          { role: "system", blocks: [text("One.")] },
          { role: "system", blocks: [text("Two.")] },
          { role: "developer", blocks: [text("Three.")] },
          { role: "user", blocks: [text("a"), text("b")] },
          { role: "user", blocks: [text("")] },
          { role: "system", blocks: [text("Four.")] },
          { role: "assistant", blocks: [text("So")] },
        ],
      },
    },
    emptyTexts: {
      body: {
        model: "gpt-5",
        input: [
          { role: "system", content: "" },
          { role: "user", content: [] },
          { role: "assistant", content: "" },
        ],
      },
      conversation: {
        ...base,
        turns: [
          { role: "system", blocks: [text("")] },
          { role: "user", blocks: [] },
          { role: "assistant", blocks: [text("")] },
        ],
      },
    },
    tools: {
      body: {
        model: "gpt-5",
        input: [
          { role: "user", content: "Rome, Oslo and the time?" },
          {
            type: "message",
            id: "msg_1",
            status: "completed",
            role: "assistant",
            content: [{ type: "output_text", text: "Let me look.", annotations: [] }],
          },
          { ...callItem("call_1", "Rome"), id: "fc_1", status: "completed" },
          callItem("call_2", "Oslo"),
          { type: "function_call", call_id: "call_3", name: "time", arguments: "" },
          { type: "function_call_output", call_id: "call_1", output: "sunny" },
          { type: "function_call_output", call_id: "call_2", output: "" },
          {
            type: "function_call_output",
            call_id: "call_3",
            output: [
              { type: "input_text", text: "noon" },
              { type: "input_image", image_url: `data:image/png;base64,${pixel}` },
            ],
          },
          { role: "user", content: "And now?" },
          { role: "user", content: "Well?" },
        ],
        tools: [
          { type: "function", name: "weather", description: "Of a city", parameters: schema, strict: true },
          { type: "function", name: "time", parameters: {}, strict: false },
          { type: "function", name: "date", parameters: null },
        ],
        tool_choice: { type: "function", name: "weather" },
      },
      conversation: {
        ...base,
        turns: [
          { role: "user", blocks: [text("Rome, Oslo and the time?")] },
          {
            role: "assistant",
            blocks: [
              text("Let me look."),
              call("call_1", "Rome"),
              call("call_2", "Oslo"),
              { kind: "tool-call", id: "call_3", name: "time", arguments: "{}", cache: null },
            ],
          },
          {
            role: "user",
            blocks: [
              { kind: "tool-result", callId: "call_1", blocks: [text("sunny")], isError: false, cache: null },
              { kind: "tool-result", callId: "call_2", blocks: [], isError: false, cache: null },
              {
                kind: "tool-result",
                callId: "call_3",
                blocks: [
                  text("noon"),
                  { kind: "image", source: { kind: "base64", mediaType: "image/png", data: pixel }, detail: null, cache: null },
                ],
                isError: false,
                cache: null,
              },
              text("And now?"),
            ],
          },
          { role: "user", blocks: [text("Well?")] },
        ],
        tools: [
          { name: "weather", description: "Of a city", schema, strict: true, cache: null },
          { name: "time", description: "", schema: null, strict: null, cache: null },
          { name: "date", description: "", schema: null, strict: null, cache: null },
        ],
        toolChoice: { kind: "tool", name: "weather" },
      },
    },
    images: {
      body: {
        model: "gpt-5",
        input: [
          {
            role: "user",
            content: [
              { type: "input_text", text: "These?" },
              { type: "input_image", image_url: `data:image/png;base64,${pixel}`, detail: "low" },
              { type: "input_image", image_url: "https://example.com/a.png", detail: "auto" },
              { type: "input_image", file_id: "file-1" },
              { type: "input_file", file_data: "data:application/pdf;base64,JVBERi0=", filename: "a.pdf" },
              { type: "input_file", file_url: "https://example.com/b.pdf" },
              { type: "input_file", file_id: "file-2" },
              { type: "input_audio", input_audio: { data: "UklGRg==", format: "wav" } },
            ],
          },
        ],
      },
      conversation: {
        ...base,
        turns: [
          {
            role: "user",
            blocks: [
              text("These?"),
              { kind: "image", source: { kind: "base64", mediaType: "image/png", data: pixel }, detail: "low", cache: null },
              { kind: "image", source: { kind: "url", url: "https://example.com/a.png" }, detail: "auto", cache: null },
              { kind: "image", source: { kind: "file", id: "file-1" }, detail: null, cache: null },
              { kind: "document", source: { kind: "base64", mediaType: "application/pdf", data: "JVBERi0=" }, title: "a.pdf", cache: null },
              { kind: "document", source: { kind: "url", url: "https://example.com/b.pdf" }, title: "", cache: null },
              { kind: "document", source: { kind: "file", id: "file-2" }, title: "", cache: null },
              { kind: "audio", data: "UklGRg==", format: "wav" },
            ],
          },
        ],
      },
    },
    thinking: {
      body: {
        model: "gpt-5",
        reasoning: { effort: "none" },
        input: [
          { role: "user", content: "Think." },
          {
            type: "reasoning",
            id: "rs_1",
            summary: [
              { type: "summary_text", text: "First." },
              { type: "summary_text", text: "Then." },
            ],
            encrypted_content: "gAAA:B",
          },
          { type: "reasoning", id: "rs_2", summary: [], encrypted_content: "gAAAC" },
          { type: "reasoning", id: "rs_3", summary: [], content: [{ type: "reasoning_text", text: "All." }], encrypted_content: "gAAAD" },
          { type: "message", role: "assistant", content: [{ type: "refusal", refusal: "No." }] },
        ],
      },
      conversation: {
        ...base,
        reasoning: { kind: "off" },
        turns: [
          { role: "user", blocks: [text("Think.")] },
          {
            role: "assistant",
            blocks: [
              { kind: "thinking", text: "First.\n\nThen.", seal: { origin: "responses", value: "rs_1:gAAA:B" } },
              { kind: "thinking", text: "", seal: { origin: "responses", value: "rs_2:gAAAC" } },
              { kind: "thinking", text: "All.", seal: { origin: "responses", value: "rs_3:gAAAD" } },
              { kind: "refusal", text: "No." },
            ],
          },
        ],
      },
    },
    format: {
      body: {
        model: "gpt-5",
        input: "A city.",
        text: { format: { type: "json_schema", name: "city", description: "One", schema, strict: true } },
        include: ["message.output_text.logprobs"],
      },
      conversation: {
        ...base,
        turns: [{ role: "user", blocks: [text("A city.")] }],
        format: { kind: "schema", name: "city", description: "One", schema, strict: true },
        topLogprobs: 0,
      },
    },
    json: {
      body: { model: "gpt-5", input: "A city, as JSON.", text: { format: { type: "json_object" } } },
      conversation: { ...base, turns: [{ role: "user", blocks: [text("A city, as JSON.")] }], format: { kind: "json" } },
    },
  },
  answers,
  streams,
  failing,
  usages: {
    plain: {
      block: {
        input_tokens: 36,
        input_tokens_details: { cached_tokens: 0 },
        output_tokens: 87,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: 123,
      },
      usage: { ...none, inputTokens: 36, outputTokens: 87 },
    },
    cached: {
      block: {
        input_tokens: 100,
        input_tokens_details: { cached_tokens: 60, cache_write_tokens: 30 },
        output_tokens: 50,
        output_tokens_details: { reasoning_tokens: 40 },
        total_tokens: 150,
      },
      usage: { ...none, inputTokens: 10, inputCachedTokens: 60, cacheWriteTokens: 30, outputTokens: 10, reasoningTokens: 40 },
    },
    zero: {
      block: {
        input_tokens: 0,
        input_tokens_details: { cached_tokens: 0 },
        output_tokens: 0,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: 0,
      },
      usage: none,
    },
    bare: { block: { input_tokens: 3, output_tokens: 4, total_tokens: 7 }, usage: { ...none, inputTokens: 3, outputTokens: 4 } },
    nullDetails: {
      block: { input_tokens: 3, input_tokens_details: null, output_tokens: 4, output_tokens_details: null },
      usage: { ...none, inputTokens: 3, outputTokens: 4 },
    },
    detailsPastTheTotal: {
      block: {
        input_tokens: 5,
        input_tokens_details: { cached_tokens: 9 },
        output_tokens: 2,
        output_tokens_details: { reasoning_tokens: 3 },
      },
      usage: { ...none, inputCachedTokens: 5, reasoningTokens: 2 },
    },
  },
};

/** What this dialect reads and cannot write back, by what is lost. `dropped`: what its writing names. */
export const lossyRequests: Readonly<
  Record<
    string,
    { readonly body: Readonly<Record<string, unknown>>; readonly conversation: Conversation; readonly dropped: readonly string[] }
  >
> = {
  hostedTools: {
    body: {
      model: "gpt-5",
      input: "News?",
      tools: [
        { type: "web_search", search_context_size: "low" },
        { type: "function", name: "date", parameters: null, strict: true, defer_loading: true },
      ],
      tool_choice: { type: "web_search" },
    },
    conversation: {
      ...base,
      turns: [{ role: "user", blocks: [text("News?")] }],
      tools: [{ name: "date", description: "", schema: null, strict: true, cache: null }],
      extras: new Map<string, unknown>([
        ["tools.0 (web_search)", { type: "web_search", search_context_size: "low" }],
        ["tools.1.defer_loading", true],
        ["tool_choice", { type: "web_search" }],
      ]),
    },
    dropped: ["tools.0 (web_search)", "tools.1.defer_loading", "tool_choice"],
  },
  otherItems: {
    body: {
      model: "gpt-5",
      input: [
        { id: "msg_9" },
        { type: "web_search_call", id: "ws_1", status: "completed" },
        { role: "assistant", content: "A", phase: "commentary" },
        { type: "custom_tool_call", call_id: "c", name: "n", input: "x" },
        { role: "assistant", content: [{ type: "output_text", text: "B", annotations: [{ type: "url_citation" }] }] },
        {
          role: "user",
          content: [
            { type: "computer_screenshot", file_id: "file-3" },
            { type: "input_text", text: "C" },
          ],
        },
      ],
    },
    conversation: {
      ...base,
      turns: [
        { role: "assistant", blocks: [text("A"), text("B")] },
        { role: "user", blocks: [text("C")] },
      ],
      extras: new Map<string, unknown>([
        ["input.0 (item_reference)", { id: "msg_9" }],
        ["input.1 (web_search_call)", { type: "web_search_call", id: "ws_1", status: "completed" }],
        ["input.2.phase", "commentary"],
        ["input.3 (custom_tool_call)", { type: "custom_tool_call", call_id: "c", name: "n", input: "x" }],
        ["input.4.content.0.annotations", [{ type: "url_citation" }]],
        ["input.5.content.0 (computer_screenshot)", { type: "computer_screenshot", file_id: "file-3" }],
      ]),
    },
    dropped: [
      "input.0 (item_reference)",
      "input.1 (web_search_call)",
      "input.2.phase",
      "input.3 (custom_tool_call)",
      "input.4.content.0.annotations",
      "input.5.content.0 (computer_screenshot)",
    ],
  },
  foreignThinking: {
    body: {
      model: "gpt-5",
      input: [
        { type: "reasoning", id: "rs_a_0", summary: [{ type: "summary_text", text: "Hm." }], encrypted_content: "evalforge:messages:c2ln" },
        { type: "reasoning", id: "rs_a_1", summary: [], encrypted_content: "evalforge:messages:c2ln" },
        { type: "reasoning", id: "rs_redacted_a_2", summary: [], encrypted_content: "evalforge:messages:ZGF0YQ==" },
        { type: "reasoning", id: "rs_4", summary: [{ type: "summary_text", text: "Unsealed." }] },
        { role: "assistant", content: "Done." },
      ],
    },
    conversation: {
      ...base,
      turns: [
        {
          role: "assistant",
          blocks: [
            { kind: "thinking", text: "Hm.", seal: { origin: "messages", value: "c2ln" } },
            { kind: "thinking", text: "", seal: { origin: "messages", value: "c2ln" } },
            { kind: "redacted-thinking", seal: { origin: "messages", value: "ZGF0YQ==" } },
            { kind: "thinking", text: "Unsealed.", seal: null },
            text("Done."),
          ],
        },
      ],
    },
    dropped: [
      "turns.0.blocks.0 (thinking)",
      "turns.0.blocks.1 (thinking)",
      "turns.0.blocks.2 (redacted-thinking)",
      "turns.0.blocks.3 (thinking)",
    ],
  },
};
