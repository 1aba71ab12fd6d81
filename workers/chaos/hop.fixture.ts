import type { Random } from "#local/demo/random.ts";

/** How often what goes over a hop meets each fate; the rest passes untouched. */
export interface FaultRates {
  /** Never arrives. */
  readonly lost: number;
  /** Arrives, and its answer does not. */
  readonly unanswered: number;
  /** Arrives twice. */
  readonly doubled: number;
  /** Arrives late. */
  readonly delayed: number;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** One way between two parts. What happens to its n-th use follows from the seed alone. */
export class Hop {
  readonly #random: Random;
  readonly #rates: FaultRates;
  isCalm = false;
  faults = 0;

  constructor(random: Random, rates: FaultRates) {
    this.#random = random;
    this.#rates = rates;
  }

  async pass<Reply>(real: () => Promise<Reply>): Promise<Reply> {
    const { lost, unanswered, doubled, delayed } = this.#rates;
    let left = this.#random.unit();
    const lateMs = this.#random.chance(0.1) ? this.#random.int(300, 700) : this.#random.int(5, 60);
    if (this.isCalm) return await real();
    if (left < lost + unanswered + doubled + delayed) this.faults += 1;
    if ((left -= lost) < 0) throw new Error("lost on the way");
    if ((left -= unanswered) < 0) {
      await real();
      throw new Error("the answer was lost on the way");
    }
    if ((left -= doubled) < 0) {
      const [first] = await Promise.all([real(), real()]);
      return first;
    }
    if (left - delayed < 0) await pause(lateMs);
    return await real();
  }
}

/** A process that dies at its n-th step: from then on nothing that it does reaches anybody. */
export class Mortal {
  #stepsLeft: number;

  /** Infinite: it lives. */
  constructor(stepsLeft: number) {
    this.#stepsLeft = stepsLeft;
  }

  get isDead(): boolean {
    return this.#stepsLeft < 0;
  }

  async step<Reply>(real: () => Promise<Reply>): Promise<Reply> {
    this.#stepsLeft -= 1;
    if (this.isDead) throw new Error("killed");
    const reply = await real();
    this.#stepsLeft -= 1;
    if (this.isDead) throw new Error("killed");
    return reply;
  }
}
