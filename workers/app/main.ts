import { consumeBatch } from "#queues/consume.ts";
import { enforceRetention } from "#queues/retention.ts";
import { rollUp } from "#queues/roll-up.ts";
import { sweep } from "#queues/sweep.ts";
import { forgetOldAnswers } from "./api/idempotency.ts";
import { forgetOldLimitEvents } from "./api/limit-events.ts";
import type { AppEnvironment } from "./environment.ts";
import { app } from "./http.ts";

export default {
  fetch: app.fetch,
  async queue(batch, env) {
    await consumeBatch(batch, env);
  },
  async scheduled(_controller, env) {
    const nowMs = Date.now();
    await Promise.all([
      sweep(env, nowMs),
      rollUp(env, nowMs),
      enforceRetention(env, nowMs),
      forgetOldAnswers(env, nowMs),
      forgetOldLimitEvents(env, nowMs),
    ]);
  },
} satisfies ExportedHandler<AppEnvironment>;
