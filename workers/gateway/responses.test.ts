import { test } from "vitest";
import { requestIdSchema, traceIdSchema } from "#core/contracts/id.ts";
import { answerHeaders } from "./responses.ts";

test("of a provider's headers those pass that are the caller's business, and none that tells whose account it was", ({ expect }) => {
  const ids = {
    requestId: requestIdSchema.parse("0193c5a0-0000-7000-8000-000000000001"),
    traceId: traceIdSchema.parse("a".repeat(32)),
    dialect: "chat" as const,
    target: { provider: "openai", dropped: [] },
    attempts: 1,
    limitHeaders: null,
  };
  const passed = {
    "content-type": "application/json",
    "openai-processing-ms": "12",
    "openai-version": "2020-10-01",
    "x-ratelimit-remaining-tokens": "5",
    "x-request-id": "req_1",
  };
  const kept = { "openai-organization": "acme-inc", "openai-project": "proj_1", "set-cookie": "a=b", server: "cloudflare" };
  expect(answerHeaders(ids, new Headers({ ...passed, ...kept }))).toEqual({
    ...passed,
    "x-evalforge-request-id": ids.requestId,
    "x-evalforge-trace-id": ids.traceId,
    "x-evalforge-provider": "openai",
  });
});
