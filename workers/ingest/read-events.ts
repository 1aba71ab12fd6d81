import * as z from "zod";
import { failure, type Failure } from "#core/contracts/error.ts";
import { eventSchema, timeProblem, type ClientEvent } from "#core/ingest/event.ts";

const eventsMax = 1000;
const bodySchema = z.strictObject({ events: z.array(z.unknown()).min(1).max(eventsMax) });

/** One event that was not taken; `index` counts in the request's list. */
export interface Rejected {
  readonly index: number;
  readonly message: string;
}

export type ReadEvents = { readonly kind: "events"; readonly events: ClientEvent[]; readonly rejected: Rejected[] } | Failure;

function describe({ issues: [issue] }: z.ZodError): { param: string | null; message: string } {
  const param = issue === undefined || issue.path.length === 0 ? null : issue.path.join(".");
  return { param, message: `${param === null ? "" : `\`${param}\`: `}${issue?.message ?? "invalid"}` };
}

/** Reads `{"events": [...]}`. The list itself must be right; each event stands for itself. */
export function readEvents(body: unknown, nowMs: number): ReadEvents {
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) {
    const { param, message } = describe(parsed.error);
    return failure("invalid_field", message, param);
  }
  const events: ClientEvent[] = [];
  const rejected: Rejected[] = [];
  for (const [index, value] of parsed.data.events.entries()) {
    const event = eventSchema.safeParse(value);
    if (!event.success) {
      rejected.push({ index, message: describe(event.error).message });
      continue;
    }
    const problem = timeProblem(event.data, nowMs);
    if (problem === null) events.push(event.data);
    else rejected.push({ index, message: problem });
  }
  return { kind: "events", events, rejected };
}
