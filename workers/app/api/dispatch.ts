import type { Context, Hono } from "hono";
import { log } from "#adapters/log.ts";
import type { Unavailable } from "#adapters/unavailable.ts";
import { refusalOf } from "#core/contracts/api/caller.ts";
import type { Endpoint } from "#core/contracts/api/endpoint.ts";
import { endpoints, type EndpointName } from "#core/contracts/api/endpoints.ts";
import { errors, failure, type Failure } from "#core/contracts/error.ts";
import type { AppEnvironment } from "../environment.ts";
import { failureResponse, noStore } from "./answer.ts";
import { authorize } from "./authorize.ts";
import { etagOf, namesEtag } from "./etag.ts";
import type { Handlers, RequestFacts } from "./handler.ts";
import { handlers } from "./handlers.ts";
import { idempotencyHeader, runOnce } from "./idempotency.ts";
import { readInput } from "./read-input.ts";

type App = Hono<{ Bindings: AppEnvironment }>;
type Face = Context<{ Bindings: AppEnvironment }>;

const names = Object.keys(endpoints).filter((name): name is EndpointName => name in endpoints);

/** Puts every endpoint of the table on its path; all other methods and paths of `/api` are refused. Nothing is told to a stranger. */
export function addEndpoints(app: App): void {
  for (const name of names) {
    const { method, path } = endpoints[name];
    app.on(method, toRoute(path), async (context) => await answer(name, context));
  }
  for (const [path, rows] of Map.groupBy(names, (name) => endpoints[name].path)) {
    const allow = rows.map((name) => endpoints[name].method).join(", ");
    const refusal = () => failureResponse(failure("method_not_allowed", `This address takes ${allow}.`), { allow });
    app.all(toRoute(path), async (context) => await behindKey(context, refusal));
  }
  app.all("/api/*", async (context) => await behindKey(context, () => failureResponse(failure("not_found"))));
}

/** `/a/{b}` as the router writes it. */
function toRoute(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ":$1");
}

async function behindKey(context: Face, refusal: () => Response): Promise<Response> {
  const caller = await authorize(context.env, context.req.header("authorization"));
  return caller.kind === "failure" ? refusedResponse(caller) : refusal();
}

/** Who may not ask, or cannot be told from others at the moment. */
function refusedResponse(fault: Failure): Response {
  return failureResponse(fault, errors[fault.code].retryable ? { "retry-after": "1" } : { "www-authenticate": "Bearer" });
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- ties a handler to the input of its own endpoint
async function answer<Name extends EndpointName>(name: Name, context: Face): Promise<Response> {
  const { req, env } = context;
  const endpoint: Endpoint = endpoints[name];
  const caller = await authorize(env, req.header("authorization"));
  if (caller.kind === "failure") return refusedResponse(caller);
  const refusal = refusalOf(caller, endpoint, req.param()["projectId"]);
  if (refusal !== null) return refusedResponse(refusal);
  const read = await readInput(name, req.raw, req.param());
  if (read.kind === "failure") return failureResponse(read);
  const table: Handlers = handlers;
  const handler = table[name];
  const ifMatch = endpoint.hasVersion === true ? (req.header("if-match") ?? null) : null;
  const work = async (remember: RequestFacts["remember"]) =>
    await handler(env, read.input, { ifMatch, remember, headers: req.raw.headers, bodyText: read.bodyText });
  const key = endpoint.creates === true ? req.header(idempotencyHeader) : undefined;
  const { result, isReplayed, isUnderWay } = await runOnce(env, { caller, key, asked: [name, read.input] }, work);
  if (result.kind === "answered") {
    if (endpoint.hasVersion === true) return await versionedResponse(endpoint, result.value, req.header("if-none-match"));
    return Response.json(result.value, { headers: isReplayed ? { ...noStore, "idempotency-replayed": "true" } : noStore });
  }
  if (result.kind === "relayed") return result.response;
  return faultResponse(name, result, isUnderWay ? { "retry-after": "1" } : {});
}

async function versionedResponse({ method }: Endpoint, value: unknown, ifNoneMatch: string | undefined): Promise<Response> {
  const etag = await etagOf(value);
  const headers = { ...noStore, etag };
  if (method === "GET" && ifNoneMatch !== undefined && namesEtag(ifNoneMatch, etag)) return new Response(null, { status: 304, headers });
  return Response.json(value, { headers });
}

function faultResponse(name: EndpointName, fault: Failure | Unavailable, headers: Readonly<Record<string, string>>): Response {
  if (fault.kind === "failure") return failureResponse(fault, headers);
  log("store_unavailable", { endpoint: name, store: fault.store, code: fault.code });
  return failureResponse(failure("dependency_unavailable", `A store that this needs cannot be reached: ${fault.store}.`), {
    "retry-after": "1",
  });
}
