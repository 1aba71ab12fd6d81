/** So many steps take one or two milliseconds, whether they parse a span or make its row. */
const stepsAtOnce = 64;

/** Every so many steps of a long work, whatever else the isolate does has its turn. */
export async function breathe(step: number): Promise<void> {
  if (step % stepsAtOnce === stepsAtOnce - 1) await new Promise((resolve) => setTimeout(resolve, 0));
}
