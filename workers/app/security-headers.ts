import type { MiddlewareHandler } from "hono";

const headers = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
    "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
} as const;

/** Payloads are text from strangers: nothing but our own files may run, and nobody may frame them. */
export const securityHeaders: MiddlewareHandler = async function securityHeaders(context, next) {
  await next();
  // An asset's own headers cannot be changed in place.
  context.res = new Response(context.res.body, context.res);
  for (const [name, value] of Object.entries(headers)) context.res.headers.set(name, value);
};
