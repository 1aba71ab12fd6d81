import { describe, test } from "vitest";
import { storedSpanSchema, type StoredSpan } from "#core/contracts/api/traces.ts";
import { usageBuckets } from "#core/contracts/usage.ts";
import { agentGraph } from "./agent-graph.ts";
import { spanTree } from "./span-tree.ts";
import { upstreamDiff } from "./upstream-diff.ts";
import { visibleLines } from "./visible-lines.ts";
import { traceTotals } from "./trace-totals.ts";

const perBucket = Object.fromEntries(usageBuckets.map((bucket) => [bucket, 1]));

interface Given {
  readonly at: number;
  readonly kind?: StoredSpan["kind"];
  readonly name?: string;
  readonly parent?: number;
  readonly costNanoUsd?: number | null;
  readonly usage?: boolean;
}

function span(id: number, { at, kind = "generation", name = "", parent, costNanoUsd = 8, usage = true }: Given): StoredSpan {
  const projectId = "019343c8-7d5a-7c31-9d4e-2f7f0b8a1c11";
  const spanId = (number: number) => number.toString(16).padStart(16, "0");
  return storedSpanSchema.parse({
    schemaVersion: 1,
    organizationId: projectId,
    projectId,
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: spanId(id),
    parentSpanId: parent === undefined ? null : spanId(parent),
    kind,
    name,
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

describe("the graph of who called whom", () => {
  const drawn = (spans: readonly StoredSpan[]) => {
    const { nodes, edges } = agentGraph(spanTree(spans));
    return {
      nodes: nodes.map(
        ({ key, count, selfCount, layer, row }) => `${layer}/${row} ${key} ×${count}${selfCount === 0 ? "" : ` ↻${selfCount}`}`,
      ),
      edges: edges.map(({ from, to, count }) => `${from} → ${to} ×${count}`),
    };
  };

  test("takes spans of one kind and name together, with how often each called each", ({ expect }) => {
    const spans = [
      span(1, { at: 0, kind: "agent", name: "planner" }),
      span(2, { at: 1, kind: "tool", name: "search", parent: 1 }),
      span(3, { at: 2, kind: "tool", name: "search", parent: 1, costNanoUsd: null }),
      span(4, { at: 3, parent: 1 }),
      span(5, { at: 4, kind: "agent", name: "planner", parent: 1 }),
      span(6, { at: 5, kind: "tool", name: "search", parent: 5 }),
      span(7, { at: 6, parent: 6 }),
    ];
    expect(drawn(spans)).toEqual({
      nodes: ["0/0 agent planner ×2 ↻1", "1/0 tool search ×3", "1/1 generation gpt-4o ×2"],
      edges: ["agent planner → tool search ×3", "agent planner → generation gpt-4o ×1", "tool search → generation gpt-4o ×1"],
    });
    expect(agentGraph(spanTree(spans)).nodes[1]).toMatchObject({ totalMs: 300, costNanoUsd: 16, errorCount: 0, name: "search" });
  });

  test("is drawn of circles, of spans without their parent, and of names that are empty or hold anything", ({ expect }) => {
    const spans = [
      span(1, { at: 0, kind: "agent", name: "a", parent: 2 }),
      span(2, { at: 1, kind: "agent", name: "b", parent: 1 }),
      span(3, { at: 2, kind: "tool", name: "__proto__", parent: 99 }),
      span(4, { at: 3, kind: "agent", name: "a", parent: 2 }),
    ];
    expect(drawn(spans)).toEqual({
      nodes: ["0/0 tool __proto__ ×1", "0/1 agent a ×2", "1/0 agent b ×1"],
      edges: ["agent a → agent b ×1", "agent b → agent a ×1"],
    });
    expect(drawn([])).toEqual({ nodes: [], edges: [] });
  });

  test("takes names together that differ in numbers alone, but not models", ({ expect }) => {
    const spans = [
      span(1, { at: 0, kind: "chain", name: "step 1" }),
      span(2, { at: 1, kind: "chain", name: "step 12" }),
      span(3, { at: 2, kind: "chain", name: "page 1" }),
      span(4, { at: 3, name: "gpt-4" }),
      span(5, { at: 4, name: "gpt-5" }),
    ];
    expect(drawn(spans).nodes).toEqual([
      "0/0 chain step # ×2",
      "0/1 chain page 1 ×1",
      "0/2 generation gpt-4 ×1",
      "0/3 generation gpt-5 ×1",
    ]);
  });

  test("of ten thousand names stays readable, and loses no span", ({ expect }) => {
    const spans = Array.from({ length: 10_000 }, (_, at) =>
      span(at + 1, {
        at,
        kind: "tool",
        name: `tool ${at.toString(36).replaceAll(/\d/g, (digit) => "zyxwvutsrq"[Number(digit)] ?? "")}_${"abcdefghij"[at % 10] ?? ""}`,
        ...(at === 0 ? {} : { parent: 1 }),
      }),
    );
    const { nodes } = agentGraph(spanTree(spans));
    expect([nodes.length, nodes.reduce((sum, { count }) => sum + count, 0)]).toEqual([41, 10_000]);
  });
});

test("what went upstream is told against what came in: changed, added, and not what was set to what it was", ({ expect }) => {
  const input = '{"model":"openai/gpt-4o","stream":true,"temperature":1}';
  const changed = { model: '"gpt-4o"', stream: "true", stream_options: '{"include_usage":true}' };
  expect(upstreamDiff(input, changed)).toEqual([
    { name: "model", before: '"openai/gpt-4o"', after: '"gpt-4o"' },
    { name: "stream_options", before: null, after: '{"include_usage":true}' },
  ]);
  expect(upstreamDiff(null, { model: '"gpt-4o"' })).toEqual([{ name: "model", before: null, after: '"gpt-4o"' }]);
});
