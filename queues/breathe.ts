/** So many steps take about five milliseconds, whether they parse a span or make its row; the pause is one at least. */
const stepsAtOnce = 256;

/** Every so many steps of a long work, whatever else the isolate does has its turn. */
export async function breathe(step: number): Promise<void> {
  if (step % stepsAtOnce === stepsAtOnce - 1) await new Promise((resolve) => setTimeout(resolve, 0));
}
