import type * as z from "zod";
import type { Endpoint } from "#core/contracts/api/endpoint.ts";
import { getTrace, type StoredSpan } from "#core/contracts/api/traces.ts";
import type { RunningSystem } from "./running-system.ts";
import { until } from "./until.ts";

interface CallInput {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Asks the control API with the admin key; the answer is checked against the endpoint's contract. */
export async function control<Asked extends Endpoint>(
  { local }: RunningSystem,
  { method, path, output }: Asked,
  { params = {}, query = {}, body }: CallInput = {},
): Promise<z.output<Asked["output"]>> {
  const named: Readonly<Record<string, string>> = { projectId: local.projectId, ...params };
  const filled = path.replace(/\{(\w+)\}/g, (_, parameter: string) => encodeURIComponent(named[parameter] ?? ""));
  const url = new URL(filled, local.apiUrl);
  for (const [field, value] of Object.entries(query)) url.searchParams.set(field, value);
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${local.adminKey}`, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  const schema: Asked["output"] = output;
  return schema.parse(await response.json());
}

/** The spans of a trace, once there are as many as wanted. */
export async function spansOf(system: RunningSystem, traceId: string, { count = 1, withinMs = 20_000 } = {}): Promise<StoredSpan[]> {
  return await until(`trace ${traceId}`, withinMs, async () => {
    const { spans } = await control(system, getTrace, { params: { traceId } });
    return spans.length >= count ? spans : null;
  });
}

/** The one span of a call. */
export async function spanOf(
  system: RunningSystem,
  traceId: string | null,
  waits: { readonly withinMs?: number } = {},
): Promise<StoredSpan> {
  const [span] = await spansOf(system, traceId ?? "", waits);
  if (span === undefined) throw new Error("a trace has a span");
  return span;
}

/** The span of a call that has no parent of its own, and those of its attempts in their order. */
export async function recordOf(system: RunningSystem, traceId: string, count: number) {
  const spans = await spansOf(system, traceId, { count, withinMs: 60_000 });
  const call = spans.find(({ parentSpanId }) => parentSpanId === null);
  if (call === undefined) throw new Error("a call has a span");
  const attempts = spans.filter((span) => span !== call).toSorted((one, other) => one.name.localeCompare(other.name));
  return { call, attempts };
}
