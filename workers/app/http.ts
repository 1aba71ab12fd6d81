import { Hono } from "hono";
import { log } from "#adapters/log.ts";
import { failure } from "#core/contracts/error.ts";
import { addEndpoints } from "./api/dispatch.ts";
import { failureResponse } from "./api/answer.ts";
import { addDocs } from "./docs/routes.ts";
import type { AppEnvironment } from "./environment.ts";
import { metrics } from "./metrics.ts";
import { readiness } from "./readiness.ts";
import { securityHeaders } from "./security-headers.ts";

/** Everything that the app answers over HTTP: the control API, its own health, and the dashboard. */
export const app = new Hono<{ Bindings: AppEnvironment }>();

app.use(securityHeaders);
app.get("/health", (context) => context.json({ status: "ok" }));
app.get("/ready", async (context) => await readiness(context.env));
app.get("/metrics", async (context) => await metrics(context.env, context.req.header("authorization")));
addDocs(app);
addEndpoints(app);
app.on(["GET", "HEAD"], "*", async (context) => await context.env.ASSETS.fetch(context.req.raw));
app.notFound(() => failureResponse(failure("not_found")));
app.onError((error) => {
  log("request_failed", { error });
  return failureResponse(failure("internal"));
});
