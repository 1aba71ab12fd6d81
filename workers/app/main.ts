import { consumeBatch } from "#queues/consume.ts";
import { sweep } from "#queues/sweep.ts";
import type { AppEnvironment } from "./environment.ts";
import { app } from "./http.ts";

export default {
  fetch: app.fetch,
  async queue(batch, env) {
    await consumeBatch(batch, env);
  },
  async scheduled(_controller, env) {
    await sweep(env, Date.now());
  },
} satisfies ExportedHandler<AppEnvironment>;
