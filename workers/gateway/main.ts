import { failure } from "#core/contracts/error.ts";
import { pathOf } from "#core/gateway/request-path.ts";
import type { GatewayEnvironment } from "./environment.ts";
import { getModel, listModels } from "./list-models.ts";
import { handleCall } from "./pipeline.ts";
import { readiness } from "./readiness.ts";
import { failureResponse } from "./responses.ts";

export { EventBuffer } from "#durable-objects/event-buffer.ts";

type Handler = (request: Request, env: GatewayEnvironment, context: ExecutionContext) => Response | Promise<Response>;

interface Route {
  readonly method: "GET" | "POST";
  readonly handle: Handler;
}

/** The gateway's own paths. All others belong to ingestion. */
const routes = new Map<string, Route>([
  ["/v1/chat/completions", { method: "POST", handle: async (...call) => await handleCall("chat", ...call) }],
  ["/v1/embeddings", { method: "POST", handle: async (...call) => await handleCall("embedding", ...call) }],
  ["/v1/models", { method: "GET", handle: listModels }],
  ["/health", { method: "GET", handle: () => Response.json({ status: "ok" }) }],
  ["/ready", { method: "GET", handle: async (_request, env) => await readiness(env) }],
]);
const modelPath = "/v1/models/";

export default {
  async fetch(request, env, context) {
    try {
      const pathname = pathOf(request.url);
      const route = routes.get(pathname) ?? modelRoute(pathname);
      if (route === null) return (await env.INGEST?.fetch(request)) ?? failureResponse(failure("not_found"));
      return route.method === request.method ? await route.handle(request, env, context) : failureResponse(failure("method_not_allowed"));
    } catch (error) {
      console.error("unexpected:", error);
      return failureResponse(failure("internal"));
    }
  },
} satisfies ExportedHandler<GatewayEnvironment>;

function modelRoute(pathname: string): Route | null {
  if (!pathname.startsWith(modelPath)) return null;
  const encoded = pathname.slice(modelPath.length);
  return { method: "GET", handle: async (...call) => await getModel(encoded, ...call) };
}
