import { Hono, type Context } from "hono";
import { log } from "#adapters/log.ts";
import { failure } from "#core/contracts/error.ts";
import { batchJsonSchema } from "#core/ingest/event-schema.ts";
import { servingRegion } from "../gateway/environment.ts";
import { identify } from "../gateway/identify.ts";
import { answerFailure } from "./answer.ts";
import type { IngestEnvironment } from "./environment.ts";
import type { Face } from "./face.ts";
import { events } from "./post-events.ts";

/** Every path on which records are taken, with those that clients of other products have built in. */
const faces = {
  "/v1/events": events,
} as const satisfies Record<string, Face>;

async function take(c: Context<{ Bindings: IngestEnvironment }>, face: Face): Promise<Response> {
  const request = c.req.raw;
  const region = servingRegion(c.env, request);
  const key = await identify(c.env, c.executionCtx, new Map(request.headers), region);
  if (key.kind === "failure") return face.refuse(request, key);
  const sender = { snapshot: key.snapshot, servingRegion: region, client: request.headers.get("user-agent") ?? "" };
  const taken = await face.take(request, c.env, sender);
  return taken instanceof Response ? taken : face.refuse(request, taken);
}

const app = new Hono<{ Bindings: IngestEnvironment }>()
  .get("/v1/events/schema", (c) => c.json(batchJsonSchema(Date.now())))
  .get("/health", (c) => c.json({ status: "ok" }))
  .notFound(() => answerFailure(failure("not_found")))
  .onError((error) => {
    log("request_failed", { error });
    return answerFailure(failure("internal"));
  });
for (const [path, face] of Object.entries(faces)) {
  app.post(path, async (c) => await take(c, face)).all(path, (c) => face.refuse(c.req.raw, failure("method_not_allowed")));
}

export default app;
