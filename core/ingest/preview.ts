import type { Payload } from "../contracts/span.ts";
import { asRecord, parseJson } from "../gateway/json.ts";
import { eventsOf } from "../gateway/sse.ts";

const previewCharactersMax = 200;
/** A longer text is not read for its preview. */
const readCharactersMax = 1_000_000;

/** What a list shows of a payload: what was said, where it can be read, else how the text begins. */
export function previewOf({ text, mediaType }: Extract<Payload, { kind: "inline" }>): string {
  if (text.length > readCharactersMax) return cut(text);
  const said = mediaType === "text/event-stream" ? saidInStream(text) : saidInText(text);
  return cut(said === "" ? text : said);
}

/** Never half a surrogate pair. */
function cut(text: string): string {
  const head = text.trimStart().slice(0, previewCharactersMax);
  return (head.charCodeAt(head.length - 1) & 0xfc00) === 0xd800 ? head.slice(0, -1) : head;
}

/** To find out that a text is no JSON costs more than all else of a row. */
function saidInText(text: string): string {
  return /^\s*[[{]/.test(text) ? saidInJson(parseJson(text)) : "";
}

function saidInStream(text: string): string {
  let said = "";
  // A stream that was cut may not end with a blank line.
  for (const { data } of eventsOf(`${text}\n\n`)) {
    if (data !== null) said += saidInJson(parseJson(data));
    if (said.length > previewCharactersMax) break;
  }
  return said;
}

/**
 * A request's last message, an answer's first choice or its own content, a chunk's words, an embedding's input, an error's
 * message; of a list of messages the last.
 */
function saidInJson(json: unknown): string {
  if (Array.isArray(json)) return saidIn(asRecord(json.at(-1)));
  const body = asRecord(json);
  if (body === null) return "";
  if (Array.isArray(body["messages"])) return saidIn(asRecord(body["messages"].at(-1)));
  if (Array.isArray(body["choices"])) {
    const choice = asRecord(body["choices"][0]);
    return saidIn(asRecord(choice?.["message"] ?? choice?.["delta"]));
  }
  // An answer of Anthropic's, and of OpenAI's responses; of their streams the events that carry words.
  if (Array.isArray(body["content"])) return saidIn(body);
  if (Array.isArray(body["output"]))
    return body["output"]
      .map((item) => saidIn(asRecord(item)))
      .filter((said) => said !== "")
      .join(" ");
  if (body["type"] === "content_block_delta") return saidInPart(body["delta"], "");
  if (body["type"] === "response.output_text.delta") return typeof body["delta"] === "string" ? body["delta"] : "";
  if (typeof body["input"] === "string") return body["input"];
  if (Array.isArray(body["input"])) return body["input"].filter((part) => typeof part === "string").join(" · ");
  const message = asRecord(body["error"])?.["message"];
  return typeof message === "string" ? message : "";
}

function saidIn(message: Readonly<Record<string, unknown>> | null): string {
  if (message === null) return "";
  const { refusal } = message;
  // OpenTelemetry's messages have parts.
  const content = message["content"] ?? message["parts"];
  if (typeof content === "string" && content !== "") return content;
  if (Array.isArray(content))
    return content
      .map((part) => saidInPart(part))
      .filter((part) => part !== "")
      .join(" ");
  if (typeof refusal === "string" && refusal !== "") return refusal;
  return Array.isArray(message["tool_calls"]) ? message["tool_calls"].map(saidInToolCall).join("") : "";
}

function saidInPart(part: unknown, otherwise?: string): string {
  const fields = asRecord(part);
  if (typeof fields?.["text"] === "string") return fields["text"];
  if (typeof fields?.["content"] === "string") return fields["content"];
  if (otherwise !== undefined) return otherwise;
  // Anthropic's calls of tools, which have no other words.
  if (fields?.["type"] === "tool_use" && typeof fields["name"] === "string") return `[${fields["name"]}]`;
  return typeof fields?.["type"] === "string" ? `[${fields["type"]}]` : "";
}

/** Chunks carry a call's name first and its arguments piece by piece. */
function saidInToolCall(toolCall: unknown): string {
  const called = asRecord(asRecord(toolCall)?.["function"]);
  const name = typeof called?.["name"] === "string" && called["name"] !== "" ? `${called["name"]} ` : "";
  return name + (typeof called?.["arguments"] === "string" ? called["arguments"] : "");
}
