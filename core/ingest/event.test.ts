import { describe, test } from "vitest";
import { keyIdSchema, organizationIdSchema, projectIdSchema, spanIdSchema, traceIdSchema } from "../contracts/id.ts";
import { spanSchema } from "../contracts/span.ts";
import { eventSchema, timeProblem, toSpan, type EventOrigin } from "./event.ts";
import { spanFixture } from "./span.fixture.ts";

const origin: EventOrigin = {
  organizationId: organizationIdSchema.parse("0193c5a0-0000-7000-8000-000000000001"),
  projectId: projectIdSchema.parse("0193c5a0-0000-7000-8000-000000000002"),
  keyId: keyIdSchema.parse("0123456789abcdef"),
  homeRegion: "eu-west",
  servingRegion: "us-west",
  client: "curl/8",
};
const newIds = { traceId: traceIdSchema.parse("a".repeat(32)), spanId: spanIdSchema.parse("b".repeat(16)) };

describe("events", () => {
  test("a name and a start are enough; the rest of the span says that nothing is known", ({ expect }) => {
    const span = toSpan(eventSchema.parse({ name: "step", startedAtMs: 5 }), origin, newIds);
    expect(span).toEqual(
      spanFixture({
        ...origin,
        ...newIds,
        kind: "span",
        name: "step",
        startedAtMs: 5,
        endedAtMs: 5,
        provider: "",
        modelRequested: "",
        modelServed: "",
        upstreamMs: 0,
        overheadMs: 0,
        httpStatus: 0,
        input: { kind: "omitted", reason: "none" },
        output: { kind: "omitted", reason: "none" },
        ingestProtocol: "events",
        api: "",
      }),
    );
  });

  test("the sender's own ids, model, usage and payloads are kept", ({ expect }) => {
    const event = eventSchema.parse({
      traceId: "c".repeat(32),
      spanId: "d".repeat(16),
      name: "chat",
      kind: "generation",
      startedAtMs: 5,
      endedAtMs: 9,
      modelRequested: "gpt-5",
      usage: { inputTokens: 3 },
      error: { message: "no" },
      finishReason: "stop",
      input: [{ role: "user" }],
      output: "hello",
    });
    const span = toSpan(event, origin, newIds);
    expect(spanSchema.parse(span)).toEqual(span);
    expect(span).toMatchObject({
      traceId: "c".repeat(32),
      spanId: "d".repeat(16),
      modelServed: "gpt-5",
      usage: { inputTokens: 3, outputTokens: 0 },
      error: { code: "client_error", message: "no", upstreamStatus: null },
      finishReason: { unified: "stop", raw: "stop" },
      input: { kind: "inline", mediaType: "application/json", text: '[{"role":"user"}]' },
      output: { kind: "inline", mediaType: "text/plain", text: "hello" },
    });
  });

  test.for([
    [{ startedAtMs: 5 }, "name"],
    [{ name: "a" }, "startedAtMs"],
    [{ name: "a", startedAtMs: -1 }, "startedAtMs"],
    [{ name: "a", startedAtMs: 5, spanId: "xyz" }, "spanId"],
    [{ name: "a", startedAtMs: 5, usage: { inputTokens: 1.5 } }, "usage.inputTokens"],
    [{ name: "a", startedAtMs: 5, projectId: "x" }, ""],
  ] as const)("%j is refused, and the field named", ([event, field], { expect }) => {
    expect(eventSchema.safeParse(event).error?.issues[0]?.path.join(".")).toBe(field);
  });

  const nowMs = 1_795_000_000_000;
  const dayMs = 86_400_000;
  test.for([
    [{ startedAtMs: nowMs - 400 * dayMs }, null],
    [{ startedAtMs: nowMs - 400 * dayMs - 1 }, "`startedAtMs`: must not be more than 400 days ago"],
    [{ startedAtMs: nowMs + dayMs }, null],
    [{ startedAtMs: nowMs + dayMs + 1 }, "`startedAtMs`: must not be more than 1 day ahead"],
    [{ startedAtMs: nowMs, endedAtMs: nowMs + dayMs }, null],
    [{ startedAtMs: nowMs, endedAtMs: Date.UTC(2201, 0) }, "`endedAtMs`: must not be more than 1 day ahead"],
  ] as const)("times too far off are named with their limit, never moved: %j", ([times, problem], { expect }) => {
    expect(timeProblem(eventSchema.parse({ name: "a", ...times }), nowMs)).toBe(problem);
  });
});
