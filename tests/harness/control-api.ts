import type * as z from "zod";
import { callEndpoint, type ApiAnswer, type ApiInput, type ApiRequest } from "#core/contracts/api/client.ts";
import type { Endpoint } from "#core/contracts/api/endpoint.ts";
import { getTrace, type StoredSpan } from "#core/contracts/api/traces.ts";
import type { RunningSystem } from "./running-system.ts";
import { until } from "./until.ts";

/** Asks the control API with the admin key; the answer is checked against the endpoint's contract. */
export async function control<Asked extends Endpoint>(
  { local }: RunningSystem,
  endpoint: Asked,
  { params, ...input }: ApiInput = {},
): Promise<z.output<Asked["output"]>> {
  const send = async ({ method, address, headers, body }: ApiRequest): Promise<ApiAnswer> => {
    const init = { method, headers: { ...headers, authorization: `Bearer ${local.adminKey}` }, body };
    const response = await fetch(new URL(address, local.apiUrl), init);
    return { status: response.status, body: await response.json() };
  };
  const result = await callEndpoint(send, endpoint, { ...input, params: { projectId: local.projectId, ...params } });
  if (result.kind !== "ok") throw new Error(`${endpoint.method} ${endpoint.path}: ${JSON.stringify(result)}`);
  return result.value;
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
