import { describe, test } from "vitest";
import { storedSpanSchema, type StoredSpan } from "#core/contracts/api/traces.ts";
import { usageBuckets } from "#core/contracts/usage.ts";
import { spanTree } from "./span-tree.ts";
import { visibleLines } from "./visible-lines.ts";
import { traceTotals } from "./trace-totals.ts";

const perBucket = Object.fromEntries(usageBuckets.map((bucket) => [bucket, 1]));

interface Given {
  readonly at: number;
  readonly parent?: number;
  readonly costNanoUsd?: number | null;
  readonly usage?: boolean;
}

function span(id: number, { at, parent, costNanoUsd = 8, usage = true }: Given): StoredSpan {
  const projectId = "019343c8-7d5a-7c31-9d4e-2f7f0b8a1c11";
  const spanId = (number: number) => number.toString(16).padStart(16, "0");
  return storedSpanSchema.parse({
    schemaVersion: 1,
    organizationId: projectId,
    projectId,
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: spanId(id),
    parentSpanId: parent === undefined ? null : spanId(parent),
    kind: "generation",
    name: "",
    startedAtMs: at,
    endedAtMs: at + 100,
    status: "ok",
    error: null,
    homeRegion: "us-east",
    servingRegion: "us-east",
    environment: "",
    release: "",
    userId: "",
    sessionId: "",
    tags: [],
    metadata: {},
    provider: "openai",
    modelRequested: "gpt-4o",
    modelServed: "gpt-4o",
    simulated: false,
    streamed: false,
    parameters: {},
    finishReason: null,
    toolNames: [],
    usage: usage ? perBucket : null,
    usageRaw: "",
    cost: costNanoUsd === null ? null : { source: "price-book", priceVersion: "1", buckets: perBucket, totalNanoUsd: costNanoUsd },
    ttftMs: null,
    upstreamMs: 90,
    overheadMs: 10,
    httpStatus: 200,
    input: { kind: "omitted", reason: "none" },
    output: { kind: "omitted", reason: "none" },
    upstreamRequest: null,
    holdIds: [],
    promptId: "",
    promptVersion: "",
    promptLabel: "",
    experimentId: "",
    experimentArm: "",
    datasetItemId: "",
    ingestProtocol: "gateway",
    api: "chat",
    keyId: null,
    client: "",
    batchObject: "",
    receivedAtMs: at,
  });
}

function outline(spans: readonly StoredSpan[]): string[] {
  return spanTree(spans).map((line) => `${"-".repeat(line.depth)}${Number.parseInt(line.span.spanId, 16)}`);
}

describe("the tree of spans", () => {
  test("puts children under their parent, oldest first, whatever the order they come in", ({ expect }) => {
    const spans = [span(4, { at: 3, parent: 2 }), span(3, { at: 2, parent: 1 }), span(1, { at: 0 }), span(2, { at: 1, parent: 1 })];
    expect(outline(spans)).toEqual(["1", "-2", "--4", "-3"]);
  });

  test("keeps spans whose parent is missing, and those of a circle, each once", ({ expect }) => {
    const spans = [
      span(1, { at: 0, parent: 9 }),
      span(2, { at: 1, parent: 3 }),
      span(3, { at: 2, parent: 2 }),
      span(4, { at: 3, parent: 4 }),
    ];
    expect(outline(spans)).toEqual(["1", "2", "-3", "4"]);
  });
});

test("a chain of ten thousand spans is a tree like any other", ({ expect }) => {
  const chain = Array.from({ length: 10_000 }, (_, at) => span(at + 1, { at, ...(at === 0 ? {} : { parent: at }) }));
  expect([spanTree(chain).length, spanTree(chain).at(-1)?.depth]).toEqual([10_000, 9_999]);
});

describe("the totals of a trace", () => {
  test("add up every bucket on its side, and span the whole time", ({ expect }) => {
    expect(traceTotals([span(1, { at: 1_000 }), span(2, { at: 1_500, costNanoUsd: 3 })])).toEqual({
      startedAtMs: 1_000,
      durationMs: 600,
      inputTokens: 12,
      outputTokens: 6,
      costNanoUsd: 11,
      costIncomplete: false,
    });
  });

  test("are incomplete where usage has no price, and unknown where nothing has one", ({ expect }) => {
    const cost = (spans: StoredSpan[]) => {
      const { costNanoUsd, costIncomplete } = traceTotals(spans);
      return { costNanoUsd, costIncomplete };
    };
    expect([
      cost([span(1, { at: 0 }), span(2, { at: 0, costNanoUsd: null })]),
      cost([span(1, { at: 0 }), span(2, { at: 0, costNanoUsd: null, usage: false })]),
      cost([span(1, { at: 0, costNanoUsd: null })]),
    ]).toEqual([
      { costNanoUsd: 8, costIncomplete: true },
      { costNanoUsd: 8, costIncomplete: false },
      { costNanoUsd: null, costIncomplete: false },
    ]);
  });
});

test("what is below a closed span is not shown, and all else stays", ({ expect }) => {
  const lines = spanTree([
    span(1, { at: 0 }),
    span(2, { at: 1, parent: 1 }),
    span(3, { at: 2, parent: 2 }),
    span(4, { at: 3, parent: 1 }),
    span(5, { at: 4 }),
  ]);
  const shown = (...closed: number[]) =>
    visibleLines(
      lines,
      new Set(closed.map((id) => lines.find((line) => Number.parseInt(line.span.spanId, 16) === id)?.span.spanId ?? "")),
    ).map((line) => `${Number.parseInt(line.span.spanId, 16)}${line.hasChildren ? "+" : ""}`);
  expect([shown(), shown(2), shown(1), shown(1, 2)]).toEqual([
    ["1+", "2+", "3", "4", "5"],
    ["1+", "2+", "4", "5"],
    ["1+", "5"],
    ["1+", "5"],
  ]);
});
