import { Hono, type Context } from "hono";
import { log } from "#adapters/log.ts";
import type { RecorderEnv } from "#adapters/recorder/send-batch.ts";
import type { KeysEnvironment } from "#adapters/virtual-keys.ts";
import { errors, failure, toOpenAiError, type Failure } from "#core/contracts/error.ts";
import { servingRegion } from "../gateway/environment.ts";
import { identify } from "../gateway/identify.ts";
import { readEvents } from "./read-events.ts";
import { readJson } from "./read-json.ts";
import { takeEvents } from "./take-events.ts";

/** Bindings, variables and secrets of the ingest Worker (`wrangler.toml`). */
export interface IngestEnvironment extends KeysEnvironment, RecorderEnv {
  /** The serving region, where requests carry no location. */
  readonly REGION?: string;
}

type Face = Context<{ Bindings: IngestEnvironment }>;

function answerFailure(fault: Failure): Response {
  const { httpStatus, retryable } = errors[fault.code];
  return Response.json(toOpenAiError(fault), { status: httpStatus, headers: retryable ? { "retry-after": "1" } : {} });
}

/** `POST /v1/events`: 202 only when every event that is right is durable; those that are wrong are named by index. */
async function postEvents(c: Face): Promise<Response> {
  const request = c.req.raw;
  const region = servingRegion(c.env, request);
  const key = await identify(c.env, c.executionCtx, new Map(request.headers), region);
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
    log("request_failed", { error });
    return answerFailure(failure("internal"));
  });

export default app;
