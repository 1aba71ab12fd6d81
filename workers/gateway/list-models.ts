import { resolveAccess, type CredentialsEnvironment } from "#adapters/credentials.ts";
import { uuidV7 } from "#adapters/uuid-v7.ts";
import { failure, type Failure } from "#core/contracts/error.ts";
import type { DialectName } from "#core/dialects/dialect.ts";
import type { KeySnapshot } from "#core/contracts/key-snapshot.ts";
import { readModelReference } from "#core/gateway/model-reference.ts";
import { callIds } from "#core/gateway/request-id.ts";
import { bareModels } from "#core/providers/models.ts";
import { servingRegion, type GatewayEnvironment } from "./environment.ts";
import { identify } from "./identify.ts";
import { answerHeaders, failureResponse, type AnswerIds } from "./responses.ts";

/** A model that a key can call: its name, and whose it is. */
interface Model {
  readonly id: string;
  readonly provider: string;
}

type Fields = Readonly<Record<string, unknown>>;

interface ModelShape {
  readonly model: (model: Model) => Fields;
  readonly list: (data: readonly Fields[]) => Fields;
}

/** How each API shows a model, and a list of them, whole on one page. Dates are asked for by clients; the table has none. */
const shapes: Readonly<Record<"chat" | "messages", ModelShape>> = {
  chat: {
    model: ({ id, provider }) => ({ id, object: "model", created: 0, owned_by: provider }),
    list: (data) => ({ object: "list", data }),
  },
  messages: {
    model: ({ id }) => ({ type: "model", id, display_name: id, created_at: "1970-01-01T00:00:00Z" }),
    list: (data) => ({ data, has_more: false, first_id: data.at(0)?.["id"] ?? null, last_id: data.at(-1)?.["id"] ?? null }),
  },
};

/** Both APIs have their models at one address: Anthropic's clients name the version of theirs. */
function dialectOf(headers: ReadonlyMap<string, string>): "chat" | "messages" {
  return headers.has("anthropic-version") ? "messages" : "chat";
}

/** `GET /v1/models` */
export async function listModels(request: Request, env: GatewayEnvironment, context: ExecutionContext): Promise<Response> {
  const sent = new Map(request.headers);
  const dialect = dialectOf(sent);
  const ids = newIds(dialect);
  const key = await identify(env, context, sent, servingRegion(env, request));
  if (key.kind === "failure") return failureResponse(key, ids);
  const models = await reachableModels(env, key.snapshot);
  const { model, list } = shapes[dialect];
  return Response.json(list(models.map(model)), { headers: answerHeaders(ids, null) });
}

/** `GET /v1/models/{model}`. `encoded`: the model's name as it stands in the path. */
export async function getModel(encoded: string, request: Request, env: GatewayEnvironment, context: ExecutionContext): Promise<Response> {
  const sent = new Map(request.headers);
  const dialect = dialectOf(sent);
  const ids = newIds(dialect);
  const key = await identify(env, context, sent, servingRegion(env, request));
  if (key.kind === "failure") return failureResponse(key, ids);
  const model = await reachableModel(env, key.snapshot, encoded);
  return "kind" in model ? failureResponse(model, ids) : Response.json(shapes[dialect].model(model), { headers: answerHeaders(ids, null) });
}

/** Bare names whose provider this key can reach. */
export async function reachableModels(env: CredentialsEnvironment, snapshot: KeySnapshot): Promise<readonly Model[]> {
  const reachable: Model[] = [];
  for (const [provider, models] of Object.entries(bareModels)) {
    const access = await resolveAccess(env, snapshot, provider);
    if (access.kind === "access") reachable.push(...models.map((id) => ({ id, provider })));
  }
  return reachable;
}

/** A model that a call with this key may name, or why it may not. */
export async function reachableModel(env: CredentialsEnvironment, snapshot: KeySnapshot, encoded: string): Promise<Model | Failure> {
  const name = decoded(encoded);
  if (name === null) return failure("invalid_field", "The model's name in the address is not validly encoded.", "model");
  const reference = readModelReference(name);
  if (reference.kind === "failure") return reference;
  const access = await resolveAccess(env, snapshot, reference.provider);
  return access.kind === "failure" ? access : { id: name, provider: reference.provider };
}

function decoded(encoded: string): string | null {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return null;
  }
}

function newIds(dialect: DialectName): AnswerIds {
  const { requestId, traceId } = callIds(uuidV7(Date.now()));
  return { requestId, traceId, dialect, target: null, attempts: 1, limitHeaders: null };
}
