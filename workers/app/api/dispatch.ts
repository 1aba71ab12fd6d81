import type { Hono } from "hono";
import { endpoints, type EndpointName } from "#core/contracts/api/endpoints.ts";
import { failure } from "#core/contracts/error.ts";
import type { AppEnvironment } from "../environment.ts";
import { failureResponse, noStore } from "./answer.ts";
import { authorize } from "./authorize.ts";
import type { Handlers } from "./handler.ts";
import { handlers } from "./handlers.ts";
import { readInput } from "./read-input.ts";

type App = Hono<{ Bindings: AppEnvironment }>;

const names = Object.keys(endpoints).filter((name): name is EndpointName => name in endpoints);

/** Puts every endpoint of the table on its path, behind the admin key; all other methods and paths of `/api` are refused. */
export function addEndpoints(app: App): void {
  app.use("/api/*", async (context, next) => {
    const refusal = await authorize(context.req.header("authorization"), context.env.ADMIN_KEY);
    if (refusal !== null) return failureResponse(refusal, { "www-authenticate": "Bearer" });
    await next();
    return undefined;
  });
  for (const name of names) {
    const { method, path } = endpoints[name];
    app.on(method, toRoute(path), async (context) => await answer(name, context.req.raw, context.req.param(), context.env));
  }
  for (const [path, rows] of Map.groupBy(names, (name) => endpoints[name].path)) {
    const allow = rows.map((name) => endpoints[name].method).join(", ");
    app.all(toRoute(path), () => failureResponse(failure("method_not_allowed", `This address takes ${allow}.`), { allow }));
  }
  app.all("/api/*", () => failureResponse(failure("not_found")));
}

/** `/a/{b}` as the router writes it. */
function toRoute(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ":$1");
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- ties a handler to the input of its own endpoint
async function answer<Name extends EndpointName>(
  name: Name,
  request: Request,
  pathParams: Record<string, string>,
  env: AppEnvironment,
): Promise<Response> {
  const read = await readInput(name, request, pathParams);
  if (read.kind === "failure") return failureResponse(read);
  const table: Handlers = handlers;
  const result = await table[name](env, read.input);
  switch (result.kind) {
    case "answered":
      return Response.json(result.value, { headers: noStore });
    case "failure":
      return failureResponse(result);
    case "unavailable":
      console.error(`${name}: ${result.store} unavailable: ${result.reason}`);
      return failureResponse(failure("dependency_unavailable", `A store that this needs cannot be reached: ${result.store}.`), {
        "retry-after": "1",
      });
  }
}
