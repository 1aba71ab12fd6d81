import { eventsOf, fieldsOf, listOf, piecesOf, textOf, type Fields } from "./fields.ts";

export const chatUsage = {
  prompt_tokens: 100,
  completion_tokens: 50,
  total_tokens: 150,
  prompt_tokens_details: { cached_tokens: 40 },
  completion_tokens_details: { reasoning_tokens: 20 },
} as const;

/** A completion; `message`, `choice` and `rest` say what is not usual of it. */
export function chatAnswer(message: Fields = { content: "Hello there." }, choice: Fields = {}, rest: Fields = {}): Fields {
  const whole = { role: "assistant", content: null, refusal: null, ...message };
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "gpt-4o-2024-08-06",
    choices: [{ index: 0, message: whole, finish_reason: "stop", logprobs: null, ...choice }],
    usage: chatUsage,
    ...rest,
  };
}

/** The stream that tells a completion. */
export function chatStream({ choices, usage, ...head }: Fields): string {
  const chunk = (given: readonly Fields[], told: unknown = null) => ({
    ...head,
    object: "chat.completion.chunk",
    choices: given,
    usage: told,
  });
  const chunks = listOf(choices).flatMap(({ index, message, finish_reason, logprobs }) => {
    const tell = (delta: Fields, rest: Fields = {}) => chunk([{ index, delta, finish_reason: null, logprobs: null, ...rest }]);
    return [
      tell({ role: "assistant", content: "" }),
      ...deltasOf(fieldsOf(message)).map((delta, at) => tell(delta, at === 0 ? { logprobs } : {})),
      tell({}, { finish_reason }),
    ];
  });
  const events: readonly Fields[] = [...chunks, chunk([], usage)];
  return `${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("")}data: [DONE]\n\n`;
}

function deltasOf(message: Fields): readonly Fields[] {
  const texts = ["reasoning_content", "content", "refusal"] as const;
  const calls = listOf(message["tool_calls"]).flatMap(({ id, type, ...call }, index) => {
    const { name, arguments: text } = fieldsOf(call["function"]);
    const tell = (piece: Fields) => ({ tool_calls: [{ index, ...piece }] });
    return [
      tell({ id, type, function: { name, arguments: "" } }),
      ...piecesOf(text).map((piece) => tell({ function: { arguments: piece } })),
    ];
  });
  return [...texts.flatMap((name) => piecesOf(message[name]).map((piece) => ({ [name]: piece }))), ...calls];
}

/** The completion that a stream tells; one without an end mark throws. */
export function foldChat(text: string): Fields {
  const events = eventsOf(text);
  if (events.at(-1)?.name !== "[DONE]") throw new Error(`no end mark: ${text.slice(-500)}`);
  const folded = new Map<unknown, Record<string, unknown>>();
  const head: Record<string, unknown> = {};
  for (const { data } of events) {
    const { choices, usage, ...rest } = data;
    Object.assign(head, rest, usage === null || usage === undefined ? {} : { usage });
    for (const { index, delta, finish_reason, logprobs } of listOf(choices)) {
      const choice = folded.get(index) ?? { index, message: {}, finish_reason: null, logprobs: null };
      folded.set(index, choice);
      choice["message"] = joined(fieldsOf(choice["message"]), fieldsOf(delta));
      choice["finish_reason"] = finish_reason ?? choice["finish_reason"];
      if (logprobs === null || logprobs === undefined) continue;
      const known = listOf(fieldsOf(choice["logprobs"])["content"]);
      choice["logprobs"] = { content: [...known, ...listOf(fieldsOf(logprobs)["content"])] };
    }
  }
  return { ...head, choices: [...folded.values()] };
}

/** Texts are joined, calls continued by their number, and all other lists too. */
function joined(message: Fields, delta: Fields): Fields {
  const next: Record<string, unknown> = { ...message };
  for (const [name, value] of Object.entries(delta)) {
    if (name === "tool_calls") next[name] = listOf(value).reduce(continued, listOf(message[name]));
    else if (Array.isArray(value)) next[name] = [...listOf(message[name]), ...listOf(value)];
    else if (typeof value === "string" && name !== "role") next[name] = textOf(message[name]) + value;
    else next[name] = message[name] ?? value;
  }
  return next;
}

function continued(calls: readonly Fields[], { index, function: called, ...piece }: Fields): readonly Fields[] {
  const at = calls.findIndex((call) => call["index"] === index);
  const known = fieldsOf(calls[at]?.["function"]);
  const { name = known["name"], arguments: text } = fieldsOf(called);
  const call = { index, ...calls[at], ...piece, function: { name, arguments: textOf(known["arguments"]) + textOf(text) } };
  return at === -1 ? [...calls, call] : calls.with(at, call);
}
