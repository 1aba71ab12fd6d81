import { test } from "vitest";
import { callIds } from "./request-id.ts";

test("trace and span derive from the request", ({ expect }) => {
  expect(callIds("019ab3a0-0000-7abc-8def-0123456789ab")).toEqual({
    requestId: "019ab3a0-0000-7abc-8def-0123456789ab",
    traceId: "019ab3a000007abc8def0123456789ab",
    spanId: "8def0123456789ab",
  });
});

test("what is no UUIDv7 makes no ids", ({ expect }) => {
  for (const text of ["", "019ab3a0-0000-4abc-8def-0123456789ab", "019AB3A0-0000-7ABC-8DEF-0123456789AB"]) {
    expect(() => callIds(text)).toThrow("is no UUIDv7");
  }
});
