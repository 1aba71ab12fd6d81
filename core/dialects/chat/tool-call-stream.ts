import { textOf } from "./answer-texts.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A call that goes on. */
interface OpenCall {
  /** Of its block in the answer. */
  readonly blockIndex: number;
  /** As the provider sent it first; empty: it sent none. */
  readonly id: string;
}

/**
 * Tells which call a piece of a streamed answer belongs to. OpenAI numbers calls, and names them once. Others name them in
 * every piece, give all of them one number, or none.
 */
export class ToolCallStream {
  readonly #byIndex = new Map<number, OpenCall>();
  readonly #byId = new Map<string, OpenCall>();
  readonly #open: number[] = [];
  #last: OpenCall | null = null;

  /** The block of the call that the piece continues; `null`: it begins one. */
  find(piece: Fields, name: string): number | null {
    const id = textOf(piece["id"]);
    const { index } = piece;
    if (typeof index === "number") {
      const call = this.#byIndex.get(index);
      const isOther = call !== undefined && id !== "" && name !== "" && id !== call.id;
      return isOther ? (this.#byId.get(id)?.blockIndex ?? null) : (call?.blockIndex ?? null);
    }
    if (id !== "") return this.#byId.get(id)?.blockIndex ?? null;
    return name === "" ? (this.#last?.blockIndex ?? null) : null;
  }

  begin(piece: Fields, blockIndex: number): void {
    const call = { blockIndex, id: textOf(piece["id"]) };
    if (typeof piece["index"] === "number") this.#byIndex.set(piece["index"], call);
    if (call.id !== "") this.#byId.set(call.id, call);
    this.#open.push(blockIndex);
    this.#last = call;
  }

  /** Ends all that are open. @returns their blocks, in their order. */
  end(): readonly number[] {
    this.#byIndex.clear();
    this.#byId.clear();
    this.#last = null;
    return this.#open.splice(0);
  }
}
