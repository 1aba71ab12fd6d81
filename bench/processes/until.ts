const pauseMs = 50;

/** Tries until `attempt` returns; after `patienceMs` throws what it last threw, under the name of `what`. */
export async function until<Value>(what: string, patienceMs: number, attempt: () => Promise<Value>): Promise<Value> {
  const deadlineMs = performance.now() + patienceMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadlineMs) throw new Error(`waited ${patienceMs} ms for ${what}`, { cause: error });
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** Waits until something answers at `url`, whatever it answers. */
export async function untilAnswers(url: string): Promise<void> {
  await until(url, 15_000, async () => {
    const answer = await fetch(url);
    await answer.arrayBuffer();
  });
}
