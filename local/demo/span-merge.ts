import type { Span } from "#core/contracts/span.ts";

interface Running {
  span: Span;
  readonly rest: Generator<Span, void>;
}

/** Sequences of spans, each in the order of their ends, as one in that order: a binary heap of the sequences' next ones. */
export class SpanMerge {
  readonly #heap: Running[] = [];

  /** The end of the span that is taken next; infinite where there is none. */
  get firstEndMs(): number {
    return this.#heap[0]?.span.endedAtMs ?? Number.POSITIVE_INFINITY;
  }

  add(spans: Generator<Span, void>): void {
    const first = spans.next();
    if (first.done === true) return;
    this.#heap.push({ span: first.value, rest: spans });
    for (let index = this.#heap.length - 1; index > 0;) {
      const parent = (index - 1) >> 1;
      if (this.#endOf(parent) <= this.#endOf(index)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  /** The span that ends first; `null`: there are no more. */
  take(): Span | null {
    const [top] = this.#heap;
    if (top === undefined) return null;
    const { span } = top;
    const next = top.rest.next();
    if (next.done === true) {
      const last = this.#heap.pop();
      if (last !== undefined && last !== top) this.#heap[0] = last;
    } else {
      top.span = next.value;
    }
    this.#sink();
    return span;
  }

  #sink(): void {
    for (let index = 0; ;) {
      const left = index * 2 + 1;
      const smaller = this.#endOf(left + 1) < this.#endOf(left) ? left + 1 : left;
      if (this.#endOf(smaller) >= this.#endOf(index)) return;
      this.#swap(index, smaller);
      index = smaller;
    }
  }

  #endOf(index: number): number {
    return this.#heap[index]?.span.endedAtMs ?? Number.POSITIVE_INFINITY;
  }

  #swap(left: number, right: number): void {
    const [one, other] = [this.#heap[left], this.#heap[right]];
    if (one === undefined || other === undefined) return;
    this.#heap[left] = other;
    this.#heap[right] = one;
  }
}
