import { Hono, type Context } from "hono";
import type { RecorderEnv } from "#adapters/recorder/send-batch.ts";
import { lookUpKey, type KeysEnvironment } from "#adapters/virtual-keys.ts";
import { errors, failure, toOpenAiError, type Failure } from "#core/contracts/error.ts";
import { regionSchema, type Region } from "#core/contracts/region.ts";
import { nearestRegion } from "#core/gateway/nearest-region.ts";
import { readEvents } from "./read-events.ts";
import { readJson } from "./read-json.ts";
import { takeEvents } from "./take-events.ts";

/** Bindings, variables and secrets of the ingest Worker (`wrangler.toml`). */
export interface IngestEnvironment extends KeysEnvironment, RecorderEnv {
  /** The serving region, where requests carry no location. */
  readonly REGION?: string;
}

type Face = Context<{ Bindings: IngestEnvironment }>;

const keyHeaders = ["x-api-key", "api-key"] as const;

function readKey(request: Request): string | null {
  const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  return bearer ?? keyHeaders.map((name) => request.headers.get(name)).find((value) => value !== null) ?? null;
}

function servingRegion({ REGION }: IngestEnvironment, { cf }: Request): Region {
  const configured = regionSchema.safeParse(REGION);
  return configured.success ? configured.data : nearestRegion(Number(cf?.["latitude"] ?? 0), Number(cf?.["longitude"] ?? 0));
}

function answerFailure(fault: Failure): Response {
  const { httpStatus, retryable } = errors[fault.code];
  return Response.json(toOpenAiError(fault), { status: httpStatus, headers: retryable ? { "retry-after": "1" } : {} });
}

/** `POST /v1/events`: 202 only when every event that is right is durable; those that are wrong are named by index. */
async function postEvents(c: Face): Promise<Response> {
  const request = c.req.raw;
  const keyText = readKey(request);
  if (keyText === null) return answerFailure(failure("missing_api_key"));
  const region = servingRegion(c.env, request);
  const key = await lookUpKey(c.env, c.executionCtx, region, keyText);
  if (key.kind === "failure") return answerFailure(key);
  const body = await readJson(request);
  if (body.kind === "failure") return answerFailure(body);
  const read = readEvents(body.value, Date.now());
  if (read.kind === "failure") return answerFailure(read);
  const sender = { snapshot: key.snapshot, servingRegion: region, client: request.headers.get("user-agent") ?? "" };
  const fault = await takeEvents(c.env, read.events, sender);
  return fault === null ? c.json({ accepted: read.events.length, rejected: read.rejected }, 202) : answerFailure(fault);
}

const app = new Hono<{ Bindings: IngestEnvironment }>()
  .post("/v1/events", postEvents)
  .all("/v1/events", () => answerFailure(failure("method_not_allowed")))
  .get("/health", (c) => c.json({ status: "ok" }))
  .notFound(() => answerFailure(failure("not_found")))
  .onError((error) => {
    console.error("ingest:", error);
    return answerFailure(failure("internal"));
  });

export default app;
