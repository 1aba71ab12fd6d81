import { resolveAccess, type CredentialsEnvironment } from "#adapters/credentials.ts";
import { uuidV7 } from "#adapters/uuid-v7.ts";
import { failure, type Failure } from "#core/contracts/error.ts";
import type { KeySnapshot } from "#core/contracts/key-snapshot.ts";
import { readModelReference } from "#core/gateway/model-reference.ts";
import { callIds } from "#core/gateway/request-id.ts";
import { bareModels } from "#core/providers/models.ts";
import { servingRegion, type GatewayEnvironment } from "./environment.ts";
import { identify } from "./identify.ts";
import { answerHeaders, failureResponse, type AnswerIds } from "./responses.ts";

/** OpenAI's shape of a model. `created` is asked for by clients; the table has no such date. */
interface ModelObject {
  readonly id: string;
  readonly object: "model";
  readonly created: 0;
  readonly owned_by: string;
}

/** `GET /v1/models` */
export async function listModels(request: Request, env: GatewayEnvironment, context: ExecutionContext): Promise<Response> {
  const ids = newIds();
  const key = await identify(env, context, new Map(request.headers), servingRegion(env, request));
  if (key.kind === "failure") return failureResponse(key, ids);
  const data = await reachableModels(env, key.snapshot);
  return Response.json({ object: "list", data }, { headers: answerHeaders(ids, null) });
}

/** `GET /v1/models/{model}`. `encoded`: the model's name as it stands in the path. */
export async function getModel(encoded: string, request: Request, env: GatewayEnvironment, context: ExecutionContext): Promise<Response> {
  const ids = newIds();
  const key = await identify(env, context, new Map(request.headers), servingRegion(env, request));
  if (key.kind === "failure") return failureResponse(key, ids);
  const model = await reachableModel(env, key.snapshot, encoded);
  return "kind" in model ? failureResponse(model, ids) : Response.json(model, { headers: answerHeaders(ids, null) });
}

/** Bare names whose provider this key can reach. */
export async function reachableModels(env: CredentialsEnvironment, snapshot: KeySnapshot): Promise<readonly ModelObject[]> {
  const reachable: ModelObject[] = [];
  for (const [provider, models] of Object.entries(bareModels)) {
    const access = await resolveAccess(env, snapshot, provider);
    if (access.kind === "access") reachable.push(...models.map((id) => modelObject(id, provider)));
  }
  return reachable;
}

/** A model that a call with this key may name, or why it may not. */
export async function reachableModel(env: CredentialsEnvironment, snapshot: KeySnapshot, encoded: string): Promise<ModelObject | Failure> {
  const name = decoded(encoded);
  if (name === null) return failure("invalid_field", "The model's name in the address is not validly encoded.", "model");
  const reference = readModelReference(name);
  if (reference.kind === "failure") return reference;
  const access = await resolveAccess(env, snapshot, reference.provider);
  return access.kind === "failure" ? access : modelObject(name, reference.provider);
}

function decoded(encoded: string): string | null {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return null;
  }
}

function newIds(): AnswerIds {
  const { requestId, traceId } = callIds(uuidV7(Date.now()));
  return { requestId, traceId, dialect: "chat", target: null, attempts: 1 };
}

function modelObject(id: string, provider: string): ModelObject {
  return { id, object: "model", created: 0, owned_by: provider };
}
