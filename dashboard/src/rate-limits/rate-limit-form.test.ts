import { test } from "vitest";
import { createRateLimit, putRateLimit, rateLimitSchema } from "#core/contracts/api/rate-limits.ts";
import { initialValues, readForm, schemaFields } from "../forms/schema-fields.ts";
import { newRateLimitFormSchema, rateLimitBody, rateLimitFormSchema, rateLimitHeld } from "./rate-limit-form.ts";

test("the form of a rate limit says one that the API takes, and changes nothing that is not changed in it", ({ expect }) => {
  const fresh = schemaFields(newRateLimitFormSchema);
  const made = readForm(newRateLimitFormSchema, fresh, { ...initialValues(fresh, {}), name: "users", counts: "users", limit: "60" });
  if (made.kind === "invalid") throw new Error(JSON.stringify(made.faults));
  expect(createRateLimit.body.parse(rateLimitBody(made.value, made.value.measure))).toMatchObject({
    name: "users",
    subject: { kind: "user", id: null },
    measure: "requests",
    limit: 60,
    whenUnreachable: "open",
  });
  const whole = putRateLimit.body.parse({
    name: "n",
    subject: { kind: "team", id: "search" },
    selector: { model: "gpt-*", provider: "openai", region: "us-west", tag: "t" },
    measure: "tokens",
    limit: 1_000_000,
    burst: 5,
    whenUnreachable: "closed",
  });
  const standing = rateLimitSchema.parse({ ...whole, limitId: "019a0000-0000-7000-8000-000000000001", version: 1, createdAtMs: 0 });
  const fields = schemaFields(rateLimitFormSchema);
  const read = readForm(rateLimitFormSchema, fields, initialValues(fields, rateLimitHeld(standing)));
  expect(read.kind === "valid" && putRateLimit.body.parse(rateLimitBody(read.value, standing.measure))).toEqual(whole);
});
