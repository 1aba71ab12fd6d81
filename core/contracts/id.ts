import * as z from "zod";

/** Canonical lowercase UUID text; every time-ordered id of ours is a UUIDv7. */
const uuid = z.uuid();
const requestIdPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const traceIdPattern = /^(?!0{32})[0-9a-f]{32}$/;
const spanIdPattern = /^(?!0{16})[0-9a-f]{16}$/;

export const organizationIdSchema = uuid.brand<"OrganizationId">();
export type OrganizationId = z.infer<typeof organizationIdSchema>;

export const projectIdSchema = uuid.brand<"ProjectId">();
export type ProjectId = z.infer<typeof projectIdSchema>;

/** The public half of a virtual key: 16 lowercase hexadecimal digits. */
export const keyIdSchema = z
  .string()
  .regex(/^[0-9a-f]{16}$/)
  .brand<"KeyId">();
export type KeyId = z.infer<typeof keyIdSchema>;

/** One call at the gateway; UUIDv7. */
export const requestIdSchema = uuid.brand<"RequestId">();
export type RequestId = z.infer<typeof requestIdSchema>;

/** 32 lowercase hexadecimal digits, as in W3C trace context; never all zero. */
export const traceIdSchema = z.string().regex(traceIdPattern, "must be 32 hexadecimal digits, not all zero").brand<"TraceId">();
export type TraceId = z.infer<typeof traceIdSchema>;

/** 16 lowercase hexadecimal digits, as in W3C trace context; never all zero. */
export const spanIdSchema = z.string().regex(spanIdPattern, "must be 16 hexadecimal digits, not all zero").brand<"SpanId">();
export type SpanId = z.infer<typeof spanIdSchema>;

export function isRequestId(text: string): text is RequestId {
  return requestIdPattern.test(text);
}

export function isTraceId(text: string): text is TraceId {
  return traceIdPattern.test(text);
}

export function isSpanId(text: string): text is SpanId {
  return spanIdPattern.test(text);
}

/** SHA-256 as 64 lowercase hexadecimal digits. */
export const sha256Schema = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .brand<"Sha256">();
export type Sha256 = z.infer<typeof sha256Schema>;
