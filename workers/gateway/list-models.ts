import { resolveAccess } from "#adapters/credentials.ts";
import { uuidV7 } from "#adapters/uuid-v7.ts";
import { failure } from "#core/contracts/error.ts";
import { callIds } from "#core/gateway/request-id.ts";
import { bareModels, closeModels, providerOfModel } from "#core/providers/models.ts";
import { servingRegion, type GatewayEnvironment } from "./environment.ts";
import { identify } from "./identify.ts";
import { answerHeaders, failureResponse, type AnswerIds } from "./responses.ts";

/** `GET /v1/models`: bare names whose provider this key can reach. */
export async function listModels(request: Request, env: GatewayEnvironment, context: ExecutionContext): Promise<Response> {
  const ids = newIds();
  const key = await identify(env, context, new Map(request.headers), servingRegion(env, request));
  if (key.kind === "failure") return failureResponse(key, ids);
  const data = [];
  for (const [provider, models] of Object.entries(bareModels)) {
    const access = await resolveAccess(env, key.snapshot, provider);
    if (access.kind === "access") data.push(...models.map((id) => modelObject(id, provider)));
  }
  return Response.json({ object: "list", data }, { headers: answerHeaders(ids, null) });
}

/** `GET /v1/models/{model}` */
export async function getModel(model: string, request: Request, env: GatewayEnvironment, context: ExecutionContext): Promise<Response> {
  const ids = newIds();
  const key = await identify(env, context, new Map(request.headers), servingRegion(env, request));
  if (key.kind === "failure") return failureResponse(key, ids);
  const provider = providerOfModel(model);
  if (provider !== null) return Response.json(modelObject(model, provider), { headers: answerHeaders(ids, null) });
  const close = closeModels(model);
  const advice = close.length === 0 ? "" : ` Did you mean ${close.join(", ")}?`;
  return failureResponse(failure("unknown_model", `The model \`${model.slice(0, 200)}\` is not known.${advice}`, "model"), ids);
}

function newIds(): AnswerIds {
  const { requestId, traceId } = callIds(uuidV7(Date.now()));
  return { requestId, traceId, provider: "" };
}

/** `created` is asked for by clients; the table has no such date. */
function modelObject(id: string, provider: string) {
  return { id, object: "model", created: 0, owned_by: provider };
}
