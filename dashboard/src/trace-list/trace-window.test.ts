import fc from "fast-check";
import { describe, test } from "vitest";
import { traceSummarySchema, type TraceSummary } from "#core/contracts/api/traces.ts";
import { addPage, appendOlder, countNewer, mergeNewest, type TraceWindow } from "./trace-window.ts";

/** A trace that started at `second`; its id says so too. */
function trace(second: number, spanCount = 1): TraceSummary {
  return traceSummarySchema.parse({
    traceId: (second + 1).toString(16).padStart(32, "0"),
    name: "",
    kind: "generation",
    startedAtMs: second * 1_000,
    endedAtMs: second * 1_000 + 500,
    status: "ok",
    errorCode: "",
    spanCount,
    provider: "openai",
    modelRequested: "gpt-4o",
    modelServed: "gpt-4o",
    simulated: false,
    streamed: false,
    inputTokens: 1,
    outputTokens: 1,
    costNanoUsd: "1",
    costIncomplete: false,
    ttftMs: 1,
    userId: "",
    sessionId: "",
    servingRegion: "us-east",
    inputPreview: "",
    outputPreview: "",
  });
}

/** What the server answers when traces 0 … `count - 1` exist; the cursor is the second of the last row. */
function serverPage(count: number, limit: number, before = count): TraceWindow {
  const seconds = Array.from({ length: Math.min(limit, before) }, (_, at) => before - 1 - at);
  const last = seconds.at(-1) ?? 0;
  return { traces: seconds.map((second) => trace(second)), nextCursor: last === 0 ? null : String(last) };
}

describe("taking in a fresh first page", () => {
  test("puts new rows on top, renews known ones, and keeps the older pages and their cursor", ({ expect }) => {
    const held: TraceWindow = { traces: [trace(5), trace(4), trace(3), trace(2)], nextCursor: "2" };
    const page: TraceWindow = { traces: [trace(6), trace(5, 3), trace(4)], nextCursor: "4" };
    expect(mergeNewest(held, page)).toEqual({
      kind: "merged",
      window: { traces: [trace(6), trace(5, 3), trace(4), trace(3), trace(2)], nextCursor: "2" },
    });
  });

  test("changes nothing where it brings nothing", ({ expect }) => {
    const held: TraceWindow = { traces: [trace(5), trace(4), trace(3), trace(2)], nextCursor: "2" };
    expect(mergeNewest(held, { traces: [trace(5), trace(4)], nextCursor: "4" }).window).toBe(held);
    expect(mergeNewest(held, { traces: [trace(5), trace(4, 2)], nextCursor: "4" }).window).not.toBe(held);
    const all: TraceWindow = { traces: [trace(1), trace(0)], nextCursor: null };
    expect(mergeNewest(all, { traces: [trace(1), trace(0)], nextCursor: null }).window).toBe(all);
    expect(mergeNewest(all, { traces: [trace(1)], nextCursor: null }).window.traces).toEqual([trace(1)]);
  });

  test("puts a row that arrived late where its time says", ({ expect }) => {
    const held: TraceWindow = { traces: [trace(6), trace(4), trace(3)], nextCursor: "3" };
    expect(mergeNewest(held, { traces: [trace(6), trace(5), trace(4)], nextCursor: "4" }).window.traces).toEqual([
      trace(6),
      trace(5),
      trace(4),
      trace(3),
    ]);
  });

  test("starts anew where the pages do not meet, rather than hide what lies between", ({ expect }) => {
    const page: TraceWindow = { traces: [trace(9), trace(8)], nextCursor: "8" };
    expect(mergeNewest({ traces: [trace(5), trace(4)], nextCursor: "4" }, page)).toEqual({ kind: "gap", window: page });
  });

  test("that holds everything drops rows which are no longer in the range", ({ expect }) => {
    const page: TraceWindow = { traces: [trace(9)], nextCursor: null };
    expect(mergeNewest({ traces: [trace(5)], nextCursor: "4" }, page)).toEqual({ kind: "merged", window: page });
  });
});

test("whatever the order of polls and loads, the window holds the newest rows without a gap, each once", ({ expect }) => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant("poll" as const), arrived: fc.nat(8) }),
      fc.record({ kind: fc.constant("older" as const), arrived: fc.nat(3) }),
    ),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), steps, (initial, sequence) => {
      const limit = 5;
      let count = initial;
      let window = serverPage(count, limit);
      let newestSeen = count;
      for (const step of sequence) {
        count += step.arrived;
        if (step.kind === "poll") {
          window = mergeNewest(window, serverPage(count, limit)).window;
          newestSeen = count;
        } else if (window.nextCursor !== null) {
          window = appendOlder(window, serverPage(count, limit, Number(window.nextCursor)));
        }
      }
      const oldest = window.nextCursor === null ? 0 : Number(window.nextCursor);
      expect(window.traces.map((row) => row.startedAtMs / 1_000)).toEqual(
        Array.from({ length: newestSeen - oldest }, (_, at) => newestSeen - 1 - at),
      );
    }),
  );
});

test("rows above the one that the reader holds on to are counted; an unknown one hides nothing", ({ expect }) => {
  const traces = [trace(3), trace(2), trace(1)];
  expect([
    countNewer(traces, trace(1).traceId),
    countNewer(traces, trace(3).traceId),
    countNewer(traces, trace(9).traceId),
    countNewer(traces, null),
  ]).toEqual([2, 0, 0, 0]);
});

test("pages of another order stay in their order, each trace once", ({ expect }) => {
  const held: TraceWindow = { traces: [trace(2), trace(7)], nextCursor: "a" };
  expect(addPage(held, { traces: [trace(7), trace(1), trace(4)], nextCursor: null })).toEqual({
    traces: [trace(2), trace(7), trace(1), trace(4)],
    nextCursor: null,
  });
});
