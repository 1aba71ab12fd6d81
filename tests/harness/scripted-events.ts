import {
  argumentsOf,
  callIdOf,
  chatCall,
  messageHead,
  plainAnswer,
  responseCall,
  responseHead,
  responseText,
  servedModels,
  usages,
} from "./scripted-answers.ts";
import type { Said, UpstreamApi } from "./scripted-model.ts";

type Event = Readonly<Record<string, unknown>>;

/** Every text comes in two pieces, so that a client has something to put together. */
function halves(text: string): readonly string[] {
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)];
}

function chatEvents(said: Said): readonly string[] {
  const chunk = (choices: readonly unknown[], rest: Event = { usage: null }) =>
    `data: ${JSON.stringify({ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: servedModels.chat, choices, ...rest })}\n\n`;
  const delta = (fields: Event, finish_reason: string | null = null) => chunk([{ index: 0, delta: fields, finish_reason }]);
  const pieces =
    said.kind === "text"
      ? halves(said.text).map((content) => delta({ content }))
      : said.cities.flatMap((city, index) => {
          const { function: called, ...call } = chatCall(city);
          return [
            delta({ tool_calls: [{ index, ...call, function: { name: called.name, arguments: "" } }] }),
            ...halves(called.arguments).map((piece) => delta({ tool_calls: [{ index, function: { arguments: piece } }] })),
          ];
        });
  return [
    delta({ role: "assistant", content: said.kind === "text" ? "" : null }),
    ...pieces,
    delta({}, said.kind === "text" ? "stop" : "tool_calls"),
    chunk([], { usage: usages.chat }),
    "data: [DONE]\n\n",
  ];
}

/** Both Anthropic's events and those of responses say their type twice. */
const named = (event: Event): string => `event: ${String(event["type"])}\ndata: ${JSON.stringify(event)}\n\n`;

function messagesEvents(said: Said): readonly string[] {
  const block = (index: number, content_block: Event, deltas: readonly Event[]): readonly Event[] => [
    { type: "content_block_start", index, content_block },
    ...deltas.map((delta) => ({ type: "content_block_delta", index, delta })),
    { type: "content_block_stop", index },
  ];
  const blocks =
    said.kind === "text"
      ? block(
          0,
          { type: "text", text: "" },
          halves(said.text).map((text) => ({ type: "text_delta", text })),
        )
      : said.cities.flatMap((city, index) =>
          block(
            index,
            { type: "tool_use", id: callIdOf(city), name: "get_weather", input: {} },
            halves(argumentsOf(city)).map((partial_json) => ({ type: "input_json_delta", partial_json })),
          ),
        );
  const { input_tokens, cache_read_input_tokens, cache_creation_input_tokens } = usages.messages;
  const begun = { input_tokens, cache_read_input_tokens, cache_creation_input_tokens, output_tokens: 1 };
  return [
    {
      type: "message_start",
      message: { ...messageHead, content: [], stop_reason: null, stop_sequence: null, usage: begun },
    },
    ...blocks,
    {
      type: "message_delta",
      delta: { stop_reason: said.kind === "text" ? "end_turn" : "tool_use", stop_sequence: null },
      usage: usages.messages,
    },
    { type: "message_stop" },
  ].map(named);
}

function responsesEvents(said: Said): readonly string[] {
  const begun = { ...responseHead, status: "in_progress", output: [], usage: null };
  const items = said.kind === "text" ? textItem(said.text) : said.cities.flatMap(callItem);
  return [
    { type: "response.created", response: begun },
    { type: "response.in_progress", response: begun },
    ...items,
    { type: "response.completed", response: plainAnswer("responses", said) },
  ].map((event, sequence_number) => named({ ...event, sequence_number }));
}

function textItem(text: string): readonly Event[] {
  const item = responseText(text);
  const place = { item_id: item.id, output_index: 0, content_index: 0 };
  const [part] = item.content;
  return [
    { type: "response.output_item.added", output_index: 0, item: { ...item, status: "in_progress", content: [] } },
    { type: "response.content_part.added", ...place, part: { ...part, text: "" } },
    ...halves(text).map((delta) => ({ type: "response.output_text.delta", ...place, delta, logprobs: [] })),
    { type: "response.output_text.done", ...place, text, logprobs: [] },
    { type: "response.content_part.done", ...place, part },
    { type: "response.output_item.done", output_index: 0, item },
  ];
}

function callItem(city: string, output_index: number): readonly Event[] {
  const item = responseCall(city);
  const place = { item_id: item.id, output_index };
  return [
    { type: "response.output_item.added", output_index, item: { ...item, status: "in_progress", arguments: "" } },
    ...halves(item.arguments).map((delta) => ({ type: "response.function_call_arguments.delta", ...place, delta })),
    { type: "response.function_call_arguments.done", ...place, name: item.name, arguments: item.arguments },
    { type: "response.output_item.done", output_index, item },
  ];
}

const writers = { chat: chatEvents, messages: messagesEvents, responses: responsesEvents } as const satisfies Record<
  UpstreamApi,
  (said: Said) => readonly string[]
>;

/** The events of a streamed answer, each as it goes over the wire. */
export function answerEvents(api: UpstreamApi, said: Said): readonly string[] {
  return writers[api](said);
}
