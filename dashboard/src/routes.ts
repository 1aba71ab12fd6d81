import { traceIdSchema, type TraceId } from "#core/contracts/id.ts";

/** Every page of the dashboard, as its path says it. */
export type Route = { readonly kind: "traces" } | { readonly kind: "trace"; readonly traceId: TraceId } | { readonly kind: "not-found" };

/** Path → route; a malformed trace id is a page that does not exist. */
export function parseRoute(path: string): Route {
  if (path === "/" || path === "/traces" || path === "/traces/") return { kind: "traces" };
  const match = /^\/traces\/([^/]+)\/?$/.exec(path);
  const traceId = traceIdSchema.safeParse(match?.[1]?.toLowerCase());
  return traceId.success ? { kind: "trace", traceId: traceId.data } : { kind: "not-found" };
}

export function tracePath(traceId: TraceId): string {
  return `/traces/${traceId}`;
}
