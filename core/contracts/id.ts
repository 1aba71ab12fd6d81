import { z } from "zod";

/** Canonical lowercase UUID text; every time-ordered id of ours is a UUIDv7. */
const uuid = z.uuid();

export const organizationIdSchema = uuid.brand<"OrganizationId">();
export type OrganizationId = z.infer<typeof organizationIdSchema>;

export const projectIdSchema = uuid.brand<"ProjectId">();
export type ProjectId = z.infer<typeof projectIdSchema>;

/** The public half of a virtual key: 16 lowercase hexadecimal digits. */
export const keyIdSchema = z.string().regex(/^[0-9a-f]{16}$/).brand<"KeyId">();
export type KeyId = z.infer<typeof keyIdSchema>;

/** One call at the gateway; UUIDv7. */
export const requestIdSchema = uuid.brand<"RequestId">();
export type RequestId = z.infer<typeof requestIdSchema>;

/** 32 lowercase hexadecimal digits, as in W3C trace context; never all zero. */
export const traceIdSchema = z
  .string()
  .regex(/^(?!0{32})[0-9a-f]{32}$/, "must be 32 hexadecimal digits, not all zero")
  .brand<"TraceId">();
export type TraceId = z.infer<typeof traceIdSchema>;

/** 16 lowercase hexadecimal digits, as in W3C trace context; never all zero. */
export const spanIdSchema = z
  .string()
  .regex(/^(?!0{16})[0-9a-f]{16}$/, "must be 16 hexadecimal digits, not all zero")
  .brand<"SpanId">();
export type SpanId = z.infer<typeof spanIdSchema>;

/** SHA-256 as 64 lowercase hexadecimal digits. */
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/).brand<"Sha256">();
export type Sha256 = z.infer<typeof sha256Schema>;
