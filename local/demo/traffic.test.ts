import { gzipSync } from "node:zlib";
import { describe, test } from "vitest";
import { organizationIdSchema, projectIdSchema } from "#core/contracts/id.ts";
import { spanSchema, type Span } from "#core/contracts/span.ts";
import { anomaliesBetween } from "./anomalies.ts";
import { appNames, apps } from "./apps/apps.ts";
import { traffic, type TrafficOptions } from "./traffic.ts";

const dayMs = 86_400_000;
const toMs = Date.UTC(2026, 10, 23);
const fromMs = toMs - 28 * dayMs;
const options: TrafficOptions = {
  seed: "test",
  project: {
    organizationId: organizationIdSchema.parse("0193c5a0-0000-7000-8000-000000000001"),
    projectId: projectIdSchema.parse("0193c5a0-0000-7000-8000-000000000002"),
    homeRegion: "eu-west",
  },
  fromMs,
  toMs,
  count: 12_000,
};
const month = [...traffic(options)];

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function partOf(spans: readonly Span[], is: (span: Span) => boolean): number {
  return spans.filter(is).length / spans.length;
}

const appOf = (span: Span) => span.metadata["app"];
const isCall = (span: Span) => span.kind === "generation";

describe("the traffic of a seed", () => {
  test("is the same each time, and of another seed another", ({ expect }) => {
    const few = { ...options, count: 300 };
    expect([...traffic(few)]).toEqual([...traffic(few)]);
    expect([...traffic({ ...few, seed: "other" })]).not.toEqual([...traffic(few)]);
  });

  test("is whole spans of its project, as many as asked for, in the order of their ends and between the two moments", ({ expect }) => {
    for (const span of month) expect(spanSchema.parse(span)).toEqual(span);
    expect(month.length).toBeGreaterThan(options.count * 0.99);
    expect(month.length).toBeLessThan(options.count * 1.02);
    expect(month.map(({ endedAtMs }) => endedAtMs)).toEqual(
      month.map(({ endedAtMs }) => endedAtMs).toSorted((left, right) => left - right),
    );
    expect(month.filter(({ startedAtMs, endedAtMs }) => startedAtMs < fromMs || startedAtMs > endedAtMs || endedAtMs > toMs)).toEqual([]);
    expect(new Set(month.map(({ projectId, homeRegion }) => `${projectId} ${homeRegion}`)).size).toBe(1);
  });

  test("has each span once, each below a parent of its own trace, agents' tools at least four levels deep", ({ expect }) => {
    expect(new Set(month.map(({ traceId, spanId }) => `${traceId} ${spanId}`)).size).toBe(month.length);
    const whole = month.filter(({ startedAtMs }) => startedAtMs < toMs - dayMs);
    const byId = new Map(month.map((span) => [`${span.traceId} ${span.spanId}`, span]));
    const parentOf = (span: Span) => (span.parentSpanId === null ? null : byId.get(`${span.traceId} ${span.parentSpanId}`));
    expect(whole.filter((span) => parentOf(span) === undefined)).toEqual([]);
    const depthOf = (span: Span): number => {
      const parent = parentOf(span);
      return parent === null || parent === undefined ? 1 : 1 + depthOf(parent);
    };
    expect(Math.max(...whole.map(depthOf))).toBe(4);
  });

  test("is busy by day and on working days", ({ expect }) => {
    const starts = month.map(({ startedAtMs }) => new Date(startedAtMs));
    const atHours = (from: number, to: number) => starts.filter((start) => start.getUTCHours() >= from && start.getUTCHours() < to).length;
    expect(atHours(9, 15) / atHours(0, 6)).toBeGreaterThan(4);
    const days = starts.map((start) => start.getUTCDay());
    const weekend = days.filter((day) => day === 0 || day === 6).length / 2;
    const ratio = weekend / ((days.length - 2 * weekend) / 5);
    expect([ratio > 0.3, ratio < 0.6]).toEqual([true, true]);
  });

  test("is spread over its applications as their shares say", ({ expect }) => {
    expect(sum(appNames.map((name) => apps[name].share))).toBe(100);
    for (const name of appNames) {
      const share = partOf(month, (span) => appOf(span) === name);
      expect(Math.abs(share - apps[name].share / 100), name).toBeLessThan(0.05);
    }
  });

  test("comes from several regions, models and providers, streamed and not, mostly from few users, and sometimes fails", ({ expect }) => {
    const calls = month.filter(isCall);
    expect(new Set(month.map(({ servingRegion }) => servingRegion)).size).toBe(3);
    expect(new Set(calls.map(({ modelRequested }) => modelRequested)).size).toBe(8);
    expect(new Set(calls.map(({ provider }) => provider))).toEqual(new Set(["openai", "anthropic", "google", "mistral"]));
    expect(partOf(calls, ({ streamed }) => streamed)).toBeGreaterThan(0.4);
    const spansOfUsers = Array.from(Map.groupBy(month, ({ userId }) => userId).values(), ({ length }) => length).toSorted(
      (left, right) => right - left,
    );
    expect(sum(spansOfUsers.slice(0, 20)) / month.length).toBeGreaterThan(0.4);
    expect(spansOfUsers.length).toBeGreaterThan(100);
    const failed = partOf(calls, ({ status }) => status === "error");
    expect([failed > 0.008, failed < 0.05]).toEqual([true, true]);
    expect(month.some(({ name }) => name.startsWith("attempt 2: "))).toBe(true);
    expect(calls.some(({ status }) => status === "cancelled")).toBe(true);
    const slowest = calls
      .flatMap(({ status, ttftMs }) => (status === "ok" && ttftMs !== null ? [ttftMs] : []))
      .toSorted((left, right) => left - right);
    expect((slowest.at(-1) ?? 0) / (slowest[slowest.length >> 1] ?? 1)).toBeGreaterThan(10);
  });

  test("costs what its tokens cost, and a call that was not answered has no cost", ({ expect }) => {
    const calls = month.filter(isCall);
    for (const { cost, status } of calls) {
      expect(cost === null).toBe(status !== "ok");
      if (cost !== null) expect(sum(Object.values(cost.buckets))).toBe(cost.totalNanoUsd);
    }
    const cheap = calls.filter(({ modelServed, usage }) => modelServed.startsWith("gpt-4o-mini") && usage !== null);
    for (const { usage, cost } of cheap) {
      const nanoUsd = (usage?.inputTokens ?? 0) * 150 + (usage?.inputCachedTokens ?? 0) * 75 + (usage?.outputTokens ?? 0) * 600;
      expect(cost?.totalNanoUsd).toBe(nanoUsd);
    }
    expect(cheap.length).toBeGreaterThan(100);
  });

  test("repeats what was said before in each turn, and is otherwise as varied as people's texts", ({ expect }) => {
    const contentOf = ({ output }: Span) => /"content":"((?:[^"\\]|\\.)*)"/.exec(output.kind === "inline" ? output.text : "")?.[1] ?? "";
    const said = month.filter(isCall).map(contentOf).join("\n");
    const ratio = said.length / gzipSync(said).length;
    expect([ratio > 2.3, ratio < 3.5]).toEqual([true, true]);
    const sessions = Map.groupBy(
      month.filter((span) => appOf(span) === "support" && span.status === "ok" && isCall(span)),
      ({ sessionId }) => sessionId,
    );
    const inputs = [...sessions.values()].find(({ length }) => length > 3)?.map(({ input }) => (input.kind === "inline" ? input.text : ""));
    for (const [index, text] of (inputs ?? []).slice(1).entries()) {
      const before = inputs?.[index] ?? "";
      expect(text.startsWith(before.slice(0, before.lastIndexOf('],"model"')))).toBe(true);
    }
    expect(inputs?.length).toBeGreaterThan(3);
  });
});

describe("an anomaly", () => {
  const { outage, dearerModelFromMs, runawayFromMs } = anomaliesBetween(fromMs, toMs);
  const calls = month.filter(isCall);

  test("of a provider: most of its calls fail, and no other's", ({ expect }) => {
    const during = calls.filter(({ startedAtMs }) => startedAtMs >= outage.fromMs && startedAtMs < outage.toMs);
    const failedOf = (own: boolean) =>
      partOf(
        during.filter(({ provider }) => (provider === outage.provider) === own),
        ({ status }) => status === "error",
      );
    expect([failedOf(true) > 0.5, failedOf(false) < 0.1]).toEqual([true, true]);
  });

  test("of a model: an answer from the documents costs about twice as much from then on", ({ expect }) => {
    const costs = (isAfter: boolean) => {
      const nanoUsd = calls.flatMap((span) =>
        appOf(span) === "knowledge" && span.startedAtMs >= dearerModelFromMs === isAfter && span.cost !== null
          ? [span.cost.totalNanoUsd]
          : [],
      );
      return sum(nanoUsd) / nanoUsd.length;
    };
    const ratio = costs(true) / costs(false);
    expect([ratio > 1.7, ratio < 3]).toEqual([true, true]);
  });

  test("of an agent: one trace has hundreds of spans", ({ expect }) => {
    const [longest = []] = [...Map.groupBy(month, ({ traceId }) => traceId).values()].toSorted((left, right) => right.length - left.length);
    expect(longest.length).toBeGreaterThan(500);
    expect((longest[0]?.startedAtMs ?? 0) - runawayFromMs).toBeGreaterThanOrEqual(0);
  });
});
