import { failure } from "../contracts/error.ts";
import { asRecord, parseJson } from "../gateway/json.ts";
import { utf8Bytes } from "../bytes.ts";
import { eventsOf, type ServerSentEvent } from "../gateway/sse.ts";
import type { AnswerEvent } from "./answer.ts";
import { AnswerFolder } from "./answer-folder.ts";
import { factsOf, type AnswerFacts } from "./answer-facts.ts";
import type { AnswerStream, StreamCutting, StreamStep } from "./answer-stream.ts";
import type { AnswerContext, AnswerReader, AnswerWriter, Dialect } from "./dialect.ts";
import { namingModel, writeAnswer } from "./write-answer.ts";

type Fields = Readonly<Record<string, unknown>>;

interface Options {
  readonly reader: AnswerReader;
  /** The client's. */
  readonly dialect: Dialect;
  /** The client speaks the provider's own dialect, and gets its bytes. */
  readonly isUntouched: boolean;
  readonly context: AnswerContext;
}

/** Reads a stream through its dialect, and writes it in the client's, or lets it pass as it came. */
export class DialectStream implements AnswerStream {
  readonly #options: Options;
  /** Opened with the first event, which names the model that answers. */
  #writer: AnswerWriter | null = null;
  readonly #folder = new AnswerFolder();
  #usageBlock: Fields | null = null;
  /** The response object of a last event that holds it: nothing told before is more exact. */
  #whole: Fields | null = null;
  #endText = "";
  #hasBegun = false;
  readonly #openBlocks = new Set<number>();
  /** No token is less than a byte. */
  #tokensMax = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  read(text: string): StreamStep {
    const kept: string[] = [];
    let hasData = false;
    const { reader, isUntouched } = this.#options;
    for (const event of eventsOf(text)) {
      const told = event.data === null ? [] : reader.read(event);
      if ("kind" in told) return { forward: textOf(kept), hasData: true, end: told };
      if (told.length > 0) hasData = true;
      const last = this.#tell(told, event, kept);
      if (last === "done") {
        this.#endText = isUntouched ? event.text : (this.#writer?.endText() ?? "");
        return { forward: textOf(kept), hasData, end: "done" };
      }
      if (last !== "open") return { forward: textOf(kept), hasData, end: last };
      if (isUntouched) kept.push(event.text);
    }
    return { forward: isUntouched ? { kind: "whole" } : textOf(kept), hasData, end: "open" };
  }

  end(rest: string): StreamStep {
    const event = `${rest.trimEnd()}\n\n`;
    const step = event === "\n\n" ? nothing : this.read(event);
    const forward = step.forward.kind === "whole" ? textOf([event]) : step.forward;
    return { forward, hasData: step.hasData, end: step.end === "open" ? failure("upstream_cut") : step.end };
  }

  facts(): AnswerFacts {
    return factsOf(this.#folder.answer(), this.#usageBlock);
  }

  output(): Fields | "too-large" | null {
    if (!this.#hasBegun) return null;
    if (this.#whole !== null && this.#options.isUntouched) return this.#whole;
    return this.#folder.isTooLarge ? "too-large" : writeAnswer(this.#options.dialect, this.#folder.answer(), this.#options.context);
  }

  endText(): string {
    return this.#endText;
  }

  get cutting(): StreamCutting | null {
    return this.#options.isUntouched ? null : { tokensMax: () => this.#tokensMax, cut: () => this.#cut() };
  }

  #cut(): string {
    const stops = [...this.#openBlocks].map((index) => this.#write({ kind: "block-stop", index }));
    const stop = this.#write({ kind: "stop", stop: { unified: "length", raw: "", sequence: null } });
    return stops.join("") + stop + this.#write({ kind: "end" }) + (this.#writer?.endText() ?? "");
  }

  #tell(told: readonly AnswerEvent[], event: ServerSentEvent, kept: string[]): StreamStep["end"] {
    for (const one of told) {
      this.#hasBegun = true;
      this.#folder.add(one);
      this.#count(one);
      if (one.kind === "usage" || one.kind === "end") this.#keepRaw(event);
      if (one.kind === "error") return failure("upstream_error", one.message === "" ? undefined : one.message);
      const text = this.#write(one);
      if (text !== "") kept.push(text);
      if (one.kind === "end") return "done";
    }
    return "open";
  }

  #count(event: AnswerEvent): void {
    if (event.kind === "block-start") {
      this.#openBlocks.add(event.index);
      this.#tokensMax += blockTokens + (event.block.kind === "tool-call" ? utf8Bytes(event.block.name) : 0);
    } else if (event.kind === "block-stop") this.#openBlocks.delete(event.index);
    else if (event.kind === "delta") this.#tokensMax += utf8Bytes(event.text);
  }

  #write(event: AnswerEvent): string {
    const { dialect, isUntouched, context } = this.#options;
    if (isUntouched) return "";
    this.#writer ??= dialect.openWriter(event.kind === "start" ? namingModel(context, event.model) : context);
    return this.#writer.write(event);
  }

  /** Usage stands at the top of an event, or in the message or response that it brings. Later fields win, as they are cumulative. */
  #keepRaw({ data }: ServerSentEvent): void {
    const body = asRecord(parseJson(data ?? ""));
    const whole = asRecord(body?.["response"]);
    const block = asRecord(body?.["usage"] ?? asRecord(body?.["message"])?.["usage"] ?? whole?.["usage"]);
    if (block !== null) this.#usageBlock = { ...this.#usageBlock, ...block };
    if (whole !== null) this.#whole = whole;
  }
}

/** Around each part of an answer models write marks that nobody sees. */
const blockTokens = 32;

const nothing: StreamStep = { forward: { kind: "text", text: "" }, hasData: false, end: "open" };

function textOf(kept: readonly string[]): StreamStep["forward"] {
  return { kind: "text", text: kept.join("") };
}
