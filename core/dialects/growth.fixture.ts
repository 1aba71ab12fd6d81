const tries = 7;
const repetitions = 8;

/**
 * How many times as long ten times the size takes as the size ten times: 1 where the work grows in proportion, 10 where it grows
 * with the square. Both make as much garbage. Each is taken at its quickest, since other work of the process comes in between.
 * `cpuUsage` is the process's own: what it has spent so far, in microseconds.
 */
export function growthOf(
  cpuUsage: () => { readonly user: number; readonly system: number },
  work: (size: number) => () => void,
  size: number,
): number {
  const spentMs = (): number => {
    const { user, system } = cpuUsage();
    return (user + system) / 1_000;
  };
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
