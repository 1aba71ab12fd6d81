import { describe, test } from "vitest";
import { projectIdSchema } from "../contracts/id.ts";
import { scoreFixture } from "../ingest/score.fixture.ts";
import { spanFixture } from "../ingest/span.fixture.ts";
import { expiryOf, keepOf, keepOfScore, mixedBeforeMs } from "./retention.ts";

const dayMs = 86_400_000;
const nowMs = 1_795_000_000_000;
const projectId = projectIdSchema.parse(spanFixture().projectId);
const of = (payloadDays: number | null, spanDays: number | null) => ({ projectId, retention: { payloadDays, spanDays } });

test("payloads go with their spans at the latest; what has no term is kept for ever", ({ expect }) => {
  expect(expiryOf(of(1, 7), nowMs)).toEqual({ projectId, payloadsBeforeMs: nowMs - dayMs, spansBeforeMs: nowMs - 7 * dayMs });
  expect(expiryOf(of(null, 7), nowMs)).toEqual({ projectId, payloadsBeforeMs: nowMs - 7 * dayMs, spansBeforeMs: nowMs - 7 * dayMs });
  expect(expiryOf(of(1, null), nowMs)).toEqual({ projectId, payloadsBeforeMs: nowMs - dayMs, spansBeforeMs: null });
  expect(expiryOf(of(null, null), nowMs)).toEqual({ projectId, payloadsBeforeMs: null, spansBeforeMs: null });
});

test("objects of several projects are kept as long as the strictest one's payloads, and 30 days at most", ({ expect }) => {
  expect(mixedBeforeMs([], nowMs)).toBe(nowMs - 30 * dayMs);
  expect(mixedBeforeMs([of(null, null), of(90, 365)], nowMs)).toBe(nowMs - 30 * dayMs);
  expect(mixedBeforeMs([of(20, null), of(null, 7)], nowMs)).toBe(nowMs - 7 * dayMs);
});

describe("of a span that comes late", () => {
  const expiry = { projectId, payloadsBeforeMs: nowMs - dayMs, spansBeforeMs: nowMs - 7 * dayMs };
  const span = (startedAtMs: number) =>
    spanFixture({
      startedAtMs,
      parameters: { temperature: 1 },
      error: { code: "upstream_error", message: "words", upstreamStatus: 500 },
      upstreamRequest: { url: "https://provider.test", changedFields: { model: '"m"' } },
      output: { kind: "omitted", reason: "too-large" },
    });

  test("all is kept up to the moment itself", ({ expect }) => {
    const whole = span(nowMs - dayMs);
    expect(keepOf(whole, expiry)).toBe(whole);
    expect(keepOf(span(0), { projectId, payloadsBeforeMs: null, spansBeforeMs: null })).toEqual(span(0));
  });

  test("nothing that was said is kept after it, and what was left out keeps its reason", ({ expect }) => {
    const late = span(nowMs - dayMs - 0.001);
    expect(keepOf(late, expiry)).toEqual({
      ...late,
      input: { kind: "omitted", reason: "expired" },
      parameters: {},
      error: { code: "upstream_error", message: "", upstreamStatus: 500 },
      upstreamRequest: { url: "https://provider.test", changedFields: {} },
    });
  });

  test("nothing is kept once spans are over", ({ expect }) => {
    expect(keepOf(span(nowMs - 7 * dayMs - 0.001), expiry)).toBeNull();
    expect(keepOf(span(nowMs - 7 * dayMs), expiry)).not.toBeNull();
  });
});

test("of a score that comes late its comment goes first, then all of it", ({ expect }) => {
  const expiry = { projectId, payloadsBeforeMs: nowMs - dayMs, spansBeforeMs: nowMs - 7 * dayMs };
  const score = (atMs: number) => scoreFixture({ atMs, comment: "words" });
  expect(keepOfScore(score(nowMs - dayMs), expiry)).toEqual(score(nowMs - dayMs));
  expect(keepOfScore(score(nowMs - dayMs - 1), expiry)).toEqual({ ...score(nowMs - dayMs - 1), comment: "" });
  expect(keepOfScore(score(nowMs - 7 * dayMs - 1), expiry)).toBeNull();
});
