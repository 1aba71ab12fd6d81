import { record, type RecordOutcome } from "#adapters/recorder/record.ts";
import { storagePolicySchema } from "#core/contracts/policy.ts";
import { spanSchema } from "#core/contracts/span.ts";
import type { BudgetRoot } from "./budget-root.ts";
import { EventBuffer, type EventBufferEnv } from "./event-buffer.ts";
import { FaultyLimiter, FaultyRoot } from "./limiter-faults.fixture.ts";
import type { RegionLimiter, RegionLimiterEnv } from "./region-limiter.ts";

/** The Worker under test: its classes, a route that records, and a consumer that only notes what the queues bring. */
export { EventBuffer, FaultyLimiter, FaultyRoot };

declare global {
  namespace Cloudflare {
    interface Env extends EventBufferEnv, RegionLimiterEnv {
      readonly BUDGET_ROOT: DurableObjectNamespace<BudgetRoot>;
      readonly REGION_LIMITER: DurableObjectNamespace<RegionLimiter>;
      readonly EVENT_BUFFER: DurableObjectNamespace<EventBuffer>;
      readonly JURISDICTIONS: "off";
    }
    interface GlobalProps {
      mainModule: { default: ExportedHandler<Env, string> };
    }
  }
}

/** Keys in the order in which the queues brought them. Tests run in the isolate of this Worker. */
export const delivered: string[] = [];

const keepsAll = storagePolicySchema.parse({});

/** Each call is a request of its own, as at an edge: `POST /record?mode=durable|normal|abandoned` with a span. */
async function recordSpan(request: Request, env: Cloudflare.Env, context: ExecutionContext): Promise<Response> {
  const span = spanSchema.parse(await request.json());
  const mode = new URL(request.url).searchParams.get("mode");
  if (mode === "durable") return Response.json(await record(env, span, "durable", keepsAll));
  const recording = record(env, span, "normal", keepsAll);
  // Nobody waits for an abandoned one: its timers end with its request.
  if (mode !== "abandoned") context.waitUntil(recording);
  return Response.json({ kind: "stored" } satisfies RecordOutcome);
}

export default {
  async fetch(request, env, context): Promise<Response> {
    return await recordSpan(request, env, context);
  },
  queue(batch): void {
    delivered.push(...batch.messages.map(({ body }) => body));
  },
} satisfies ExportedHandler<Cloudflare.Env, string>;
