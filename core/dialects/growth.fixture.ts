const tries = 7;
const repetitions = 8;

/**
 * How many times as long ten times the size takes as the size ten times: 1 where the work grows in proportion, 10 where it grows
 * with the square. Both make as much garbage. Each is taken at its quickest, since other work of the process comes in between.
 * `spentMs` is what the process has spent so far.
 */
export function growthOf(spentMs: () => number, work: (size: number) => () => void, size: number): number {
  const quickestMs = (once: () => void, times: number): number => {
    const takenMs = Array.from({ length: tries }, () => {
      const beforeMs = spentMs();
      for (let time = 0; time < times * repetitions; time++) once();
      return spentMs() - beforeMs;
    });
    return Math.min(...takenMs);
  };
  return quickestMs(work(size * 10), 1) / Math.max(1, quickestMs(work(size), 10));
}
