import { describe, test } from "vitest";
import { keyIdSchema, organizationIdSchema, projectIdSchema, spanIdSchema, traceIdSchema } from "../contracts/id.ts";
import { spanSchema } from "../contracts/span.ts";
import { eventSchema, timesProblem } from "./event.ts";
import { momentEventSchema, momentToSpan, spanEventSchema, toSpan, type EventOrigin } from "./event-span.ts";
import { spanFixture } from "./span.fixture.ts";

const origin: EventOrigin = {
  organizationId: organizationIdSchema.parse("0193c5a0-0000-7000-8000-000000000001"),
  projectId: projectIdSchema.parse("0193c5a0-0000-7000-8000-000000000002"),
  keyId: keyIdSchema.parse("0123456789abcdef"),
  homeRegion: "eu-west",
  servingRegion: "us-west",
  client: "curl/8",
  ingestProtocol: "events",
};
const newIds = { traceId: traceIdSchema.parse("a".repeat(32)), spanId: spanIdSchema.parse("b".repeat(16)) };

describe("events", () => {
  test("a name and a start are enough; the rest of the span says that nothing is known", ({ expect }) => {
    const span = toSpan(spanEventSchema.parse({ name: "step", startedAtMs: 5 }), origin, newIds);
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
        api: "",
      }),
    );
  });

  test("the sender's own ids, model, usage and payloads are kept", ({ expect }) => {
    const event = spanEventSchema.parse({
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

  test("a moment is a span of its kind that took no time", ({ expect }) => {
    const moment = momentToSpan(momentEventSchema.parse({ type: "event", name: "copied", atMs: 7.5, output: { a: 1 } }), origin, newIds);
    const same = toSpan(spanEventSchema.parse({ name: "copied", kind: "event", startedAtMs: 7.5, output: { a: 1 } }), origin, newIds);
    expect(spanSchema.parse(moment)).toEqual(same);
    expect(moment).toMatchObject({ kind: "event", startedAtMs: 7.5, endedAtMs: 7.5 });
  });

  test("a cost that the sender knows is its word, and older readers hold the span back", ({ expect }) => {
    const span = toSpan(spanEventSchema.parse({ name: "call", startedAtMs: 5, costNanoUsd: 12 }), origin, newIds);
    expect(span).toMatchObject({ schemaVersion: 2, cost: { source: "sender", priceVersion: "", totalNanoUsd: 12 } });
    expect(spanSchema.parse(span)).toEqual(span);
  });

  const nowMs = 1_795_000_000_000;
  const dayMs = 86_400_000;
  const late = { field: "startedAtMs", reason: "must not be more than 1 day ahead" };
  test.for([
    [{ startedAtMs: nowMs - 400 * dayMs }, null],
    [{ startedAtMs: nowMs - 400 * dayMs - 1 }, { field: "startedAtMs", reason: "must not be more than 400 days ago" }],
    [{ startedAtMs: nowMs + dayMs }, null],
    [{ startedAtMs: nowMs + dayMs + 1 }, late],
    [{ startedAtMs: nowMs, endedAtMs: nowMs + dayMs }, null],
    [{ startedAtMs: nowMs, endedAtMs: 5 }, null],
    [
      { startedAtMs: nowMs, endedAtMs: Date.UTC(2201, 0) },
      { ...late, field: "endedAtMs" },
    ],
    [
      { type: "event", atMs: nowMs + dayMs + 1 },
      { ...late, field: "atMs" },
    ],
    [
      { type: "score", traceId: "a".repeat(32), value: 1, atMs: 0 },
      { field: "atMs", reason: "must not be more than 400 days ago" },
    ],
    [{ type: "score", traceId: "a".repeat(32), value: 1 }, null],
  ] as const)("times too far off are named with their limit, never moved: %j", ([times, problem], { expect }) => {
    expect(timesProblem(eventSchema.parse({ name: "a", ...times }), nowMs)).toEqual(problem);
  });
});
