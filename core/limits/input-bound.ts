import { isUsualTier } from "../dialects/answer-facts.ts";
import { asRecord } from "../gateway/json.ts";
import type { CallShape, RequestBody } from "../gateway/request-body.ts";
import { imageTokensOf, maximaOf } from "./model-maxima.ts";

/** What a request can make a model read, at most. */
export interface InputBound {
  readonly kind: "bounded";
  /** All of it, audio too. */
  readonly tokens: number;
  readonly audioTokens: number;
  /** Whether, and for how long, what is read may be written to a cache, which costs more than reading it. */
  readonly cacheWrites: "none" | "minutes" | "hour";
}

/** Nothing in the request says how much it makes the provider do, or what that costs. */
export interface Unbounded {
  readonly kind: "unbounded";
  /** The field at fault. */
  readonly param: string;
}

/** Around a message a provider writes its role and marks of where it begins and ends; before all of them, a preamble. */
const messageTokens = 16;
const preambleTokens = 64;
/** What a provider tells a model of tools in general (Anthropic: up to 804 tokens), and of each by way of form. */
const toolsTokens = 1_024;
const toolTokens = 32;
/** 32 tokens a second, in a file of no less than 512 bytes for it. */
const audioBytesPerToken = 16;

/** Tools that run at the provider: what they find is read by the model, as often as it asks for it. */
const ownTools: ReadonlySet<string> = new Set(["function", "custom"]);

/** Beside the usual ones: no dearer than these. */
const cheapTiers: ReadonlySet<unknown> = new Set(["flex", "batch", "standard_only"]);

/** What stands at the provider, and is read with the request. */
const storedFields = ["previous_response_id", "conversation", "prompt"] as const;

/**
 * The most tokens that a request's input can be: no token is less than a byte of text (byte-level BPE, and SentencePiece with
 * byte fallback), so it is no more than the body's bytes, media apart; images and audio by their providers' own rules; what
 * stands elsewhere (files, URLs, earlier answers) may fill the model's whole context, which is never passed.
 *
 * @param bodyBytes the body as UTF-8; `body.text` itself counts UTF-16 units.
 */
export function inputBound(shape: CallShape, body: RequestBody, bodyBytes: number, model: string): InputBound | Unbounded {
  const { contextTokens } = maximaOf(model);
  const { fields } = body;
  const tools = listOf(fields["tools"]);
  if (hasOwnTools(shape, tools)) return { kind: "unbounded", param: "tools" };
  if (fields["web_search_options"] !== undefined || fields["mcp_servers"] !== undefined) {
    return { kind: "unbounded", param: fields["mcp_servers"] === undefined ? "web_search_options" : "mcp_servers" };
  }
  const tier = fields["service_tier"];
  // Others cost a multiple of what the price book says.
  if (!isUsualTier(tier) && !cheapTiers.has(tier)) return { kind: "unbounded", param: "service_tier" };
  const turns = [...listOf(fields["messages"]), ...listOf(fields["input"])];
  const found: Media = { bytes: 0, images: 0, audioBytes: 0, isElsewhere: false };
  for (const turn of turns) findMedia(turn, found);
  const isElsewhere = found.isElsewhere || storedFields.some((name) => fields[name] !== undefined && fields[name] !== null);
  const audioTokens = Math.ceil(found.audioBytes / audioBytesPerToken);
  const tokens =
    Math.max(0, bodyBytes - found.bytes) +
    preambleTokens +
    turns.length * messageTokens +
    (tools.length === 0 ? 0 : toolsTokens + tools.length * toolTokens) +
    found.images * imageTokensOf(model) +
    audioTokens;
  const bounded = isElsewhere ? contextTokens : shape === "embedding" ? tokens : Math.min(tokens, contextTokens);
  return { kind: "bounded", tokens: bounded, audioTokens: Math.min(audioTokens, bounded), cacheWrites: cacheWritesOf(body.text, model) };
}

function hasOwnTools(shape: CallShape, tools: readonly unknown[]): boolean {
  return tools.some((tool) => {
    const type = asRecord(tool)?.["type"];
    // In Anthropic's API a caller's own tool need not say that it is one.
    return shape === "messages"
      ? type !== undefined && type !== null && type !== "custom"
      : typeof type === "string" && !ownTools.has(type);
  });
}

interface Media {
  /** Of the body, as far as they are no text. */
  bytes: number;
  images: number;
  audioBytes: number;
  isElsewhere: boolean;
}

const imageTypes: ReadonlySet<unknown> = new Set(["image_url", "image", "input_image"]);
const audioTypes: ReadonlySet<unknown> = new Set(["input_audio", "audio"]);
const documentTypes: ReadonlySet<unknown> = new Set(["file", "document", "input_file", "container_upload"]);

/** Finds the blocks of a message that are no text; what is not known to be a medium counts as text. */
function findMedia(value: unknown, found: Media): void {
  const block = asRecord(value);
  if (block === null) return;
  const type = block["type"];
  if (imageTypes.has(type)) {
    found.images++;
    found.bytes += payloadOf(block);
    return;
  }
  if (audioTypes.has(type)) {
    const characters = payloadOf(block);
    found.bytes += characters;
    found.audioBytes += characters;
    return;
  }
  if (documentTypes.has(type)) {
    if (asRecord(block["source"])?.["type"] !== "text") found.isElsewhere = true;
    return;
  }
  // An earlier answer in sound, named by its id.
  if (asRecord(block["audio"]) !== null) found.isElsewhere = true;
  for (const name of ["content", "output"]) for (const inner of listOf(block[name])) findMedia(inner, found);
}

const payloadFields = ["data", "url", "image_url", "source", "input_audio"] as const;

/** How many characters of a block are its medium: base64, or a URL. */
function payloadOf(block: Readonly<Record<string, unknown>>): number {
  let characters = 0;
  for (const name of payloadFields) {
    const value = block[name];
    if (typeof value === "string") characters += value.length;
    const inner = asRecord(value);
    if (inner !== null) characters += payloadOf(inner);
  }
  return characters;
}

/**
 * Anthropic's models write to a cache what the body marks, and nothing else; escapes of plain letters may hide a mark. Others
 * may write what they like.
 */
function cacheWritesOf(text: string, model: string): InputBound["cacheWrites"] {
  const mayHide = text.includes(String.raw`\u00`);
  if (!mayHide && !text.includes("cache_control")) return model.includes("claude-") ? "none" : "minutes";
  return mayHide || text.includes('"1h"') ? "hour" : "minutes";
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
