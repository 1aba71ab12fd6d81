import { eventsOf, fieldsOf, listOf, named, piecesOf, textOf, type Fields } from "./fields.ts";

export const responsesUsage = {
  input_tokens: 100,
  input_tokens_details: { cached_tokens: 40 },
  output_tokens: 50,
  output_tokens_details: { reasoning_tokens: 20 },
  total_tokens: 150,
} as const;

/** A message item of one part. */
export function messageItem(part: Fields = { type: "output_text", text: "Hello there.", annotations: [], logprobs: [] }): Fields {
  return { id: "msg_1", type: "message", status: "completed", role: "assistant", content: [part] };
}

/** A response; `rest` says what is not usual of it. */
export function responsesAnswer(output: readonly Fields[] = [messageItem()], rest: Fields = {}): Fields {
  return {
    id: "resp_1",
    object: "response",
    created_at: 1,
    status: "completed",
    error: null,
    incomplete_details: null,
    model: "gpt-4o-2024-08-06",
    output,
    service_tier: "default",
    usage: responsesUsage,
    ...rest,
  };
}

/** The stream that tells a response. */
export function responsesStream(response: Fields): string {
  const begun = { ...response, status: "in_progress", output: [], usage: null, incomplete_details: null };
  const events = [
    { type: "response.created", response: begun },
    { type: "response.in_progress", response: begun },
    ...listOf(response["output"]).flatMap(itemEvents),
    { type: `response.${textOf(response["status"])}`, response },
  ];
  return named(events.map((event, index) => ({ ...event, sequence_number: index })));
}

function itemEvents(item: Fields, index: number): readonly Fields[] {
  const at = { item_id: item["id"], output_index: index };
  const { empty, told } = inPieces(item);
  return [
    { type: "response.output_item.added", output_index: index, item: { ...item, ...empty } },
    ...told.map((event) => ({ ...at, ...event })),
    { type: "response.output_item.done", output_index: index, item },
  ];
}

function inPieces(item: Fields): { readonly empty: Fields; readonly told: readonly Fields[] } {
  switch (item["type"]) {
    case "message":
      return { empty: { status: "in_progress", content: [] }, told: listOf(item["content"]).flatMap(partEvents) };
    case "function_call": {
      const deltas = piecesOf(item["arguments"]).map((delta) => ({ type: "response.function_call_arguments.delta", delta }));
      const done = { type: "response.function_call_arguments.done", name: item["name"], arguments: item["arguments"] };
      return { empty: { status: "in_progress", arguments: "" }, told: [...deltas, done] };
    }
    case "reasoning":
      return { empty: { summary: [] }, told: listOf(item["summary"]).flatMap(summaryEvents) };
    default:
      return { empty: {}, told: [] };
  }
}

function summaryEvents(part: Fields, index: number): readonly Fields[] {
  const of = "response.reasoning_summary";
  const at = { summary_index: index };
  return [
    { type: `${of}_part.added`, ...at, part: { ...part, text: "" } },
    ...piecesOf(part["text"]).map((delta) => ({ type: `${of}_text.delta`, ...at, delta })),
    { type: `${of}_text.done`, ...at, text: part["text"] },
    { type: `${of}_part.done`, ...at, part },
  ];
}

function partEvents(part: Fields, index: number): readonly Fields[] {
  const at = { content_index: index };
  const isRefusal = part["type"] === "refusal";
  const [type, name] = isRefusal ? ["response.refusal", "refusal"] : ["response.output_text", "text"];
  const { logprobs } = part;
  return [
    { type: "response.content_part.added", ...at, part: isRefusal ? { ...part, refusal: "" } : { ...part, text: "", logprobs: [] } },
    ...piecesOf(part[name]).map((delta, piece) => ({ type: `${type}.delta`, ...at, delta, logprobs: piece === 0 ? logprobs : [] })),
    { type: `${type}.done`, ...at, [name]: part[name], logprobs },
    { type: "response.content_part.done", ...at, part },
  ];
}

const deltaTypes: ReadonlySet<unknown> = new Set([
  "response.output_text.delta",
  "response.refusal.delta",
  "response.function_call_arguments.delta",
  "response.reasoning_summary_text.delta",
]);

/** The response that a stream tells; one without an end mark, or whose pieces say something else, throws. */
export function foldResponses(text: string): Fields {
  const events = eventsOf(text);
  const last = events.at(-1);
  if (last?.name !== "response.completed" && last?.name !== "response.incomplete") throw new Error(`no end mark: ${text.slice(-500)}`);
  const response = fieldsOf(last.data["response"]);
  const pieces = events.flatMap(({ data }) => (deltaTypes.has(data["type"]) ? [textOf(data["delta"])] : [])).join("");
  const said = listOf(response["output"]).map(saidBy).join("");
  // A call that takes nothing may have no pieces.
  if (pieces.replaceAll("{}", "") !== said.replaceAll("{}", "")) throw new Error(`its pieces say ${pieces}, its end says ${said}`);
  return response;
}

function saidBy(item: Fields): string {
  const parts = [...listOf(item["summary"]), ...listOf(item["content"])];
  return parts.map((part) => textOf(part["text"]) + textOf(part["refusal"])).join("") + textOf(item["arguments"]);
}
