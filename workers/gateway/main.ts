import { log } from "#adapters/log.ts";
import { failure } from "#core/contracts/error.ts";
import type { CallShape } from "#core/gateway/request-body.ts";
import { pathOf } from "#core/gateway/request-path.ts";
import type { GatewayEnvironment } from "./environment.ts";
import { getModel, listModels } from "./list-models.ts";
import { handleCall } from "./pipeline.ts";
import { readiness } from "./readiness.ts";
import { failureResponse } from "./responses.ts";

export { BudgetRoot } from "#durable-objects/budget-root.ts";
export { EventBuffer } from "#durable-objects/event-buffer.ts";
export { TrustedCalls } from "./trusted-calls.ts";
export { RegionLimiter } from "#durable-objects/region-limiter.ts";

type Handler = (request: Request, env: GatewayEnvironment, context: ExecutionContext) => Response | Promise<Response>;

interface Route {
  readonly method: "GET" | "POST";
  readonly handle: Handler;
}

/** The gateway's own paths. All others belong to ingestion. */
const routes = new Map<string, Route>([
  ["/v1/chat/completions", callRoute("chat")],
  ["/v1/messages", callRoute("messages")],
  ["/v1/messages/count_tokens", callRoute("count-tokens")],
  ["/v1/responses", callRoute("responses")],
  ["/v1/embeddings", callRoute("embedding")],
  ["/v1/models", { method: "GET", handle: listModels }],
  ["/health", { method: "GET", handle: () => Response.json({ status: "ok" }) }],
  ["/ready", { method: "GET", handle: async (_request, env) => await readiness(env) }],
]);
const modelPath = "/v1/models/";
const messagesPath = "/v1/messages";

function callRoute(shape: CallShape): Route {
  return { method: "POST", handle: async (...call) => await handleCall(shape, ...call) };
}

export default {
  async fetch(request, env, context) {
    const pathname = pathOf(request.url);
    const dialect = pathname.startsWith(messagesPath) ? "messages" : "chat";
    try {
      const route = routes.get(pathname) ?? modelRoute(pathname);
      if (route === null) return (await env.INGEST?.fetch(request)) ?? failureResponse(failure("not_found"), dialect);
      return route.method === request.method
        ? await route.handle(request, env, context)
        : failureResponse(failure("method_not_allowed"), dialect);
    } catch (error) {
      log("request_failed", { error });
      return failureResponse(failure("internal"), dialect);
    }
  },
} satisfies ExportedHandler<GatewayEnvironment>;

function modelRoute(pathname: string): Route | null {
  if (!pathname.startsWith(modelPath)) return null;
  const encoded = pathname.slice(modelPath.length);
  return { method: "GET", handle: async (...call) => await getModel(encoded, ...call) };
}
