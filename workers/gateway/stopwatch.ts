/** Adds up the time that promises took. */
export class Stopwatch {
  #elapsedMs = 0;

  get elapsedMs(): number {
    return this.#elapsedMs;
  }

  add(ms: number): void {
    this.#elapsedMs += ms;
  }

  async time<Value>(work: Promise<Value>): Promise<Value> {
    const startedAtMs = Date.now();
    try {
      return await work;
    } finally {
      this.add(Date.now() - startedAtMs);
    }
  }
}
