import { wordsOf, type Random } from "../../local/demo/random.ts";

/** What the queries are asked about. */
export interface Facts {
  readonly fromMs: number;
  readonly toMs: number;
  readonly traceIds: readonly string[];
  readonly sessionIds: readonly string[];
  readonly userIds: readonly string[];
}

interface Query {
  readonly group: "metrics" | "lists" | "details";
  readonly title: string;
  /** Below `/api/projects/<id>`; another one each time. */
  readonly request: (random: Random, facts: Facts) => readonly [path: string, query: Readonly<Record<string, string>>];
  /** The page that is asked for; those before it are asked for unmeasured. */
  readonly page?: number;
}

const dayMs = 86_400_000;

/** Some days of the range that end at another millisecond each time, so that no answer of before is one to this. */
function range(random: Random, { fromMs, toMs }: Facts, days: number): { fromMs: string; toMs: string } {
  const lengthMs = days * dayMs;
  const endMs = Math.max(fromMs + lengthMs, toMs - random.int(0, Math.max(0, toMs - fromMs - lengthMs)));
  const jitterMs = random.int(0, 60_000);
  return { fromMs: String(endMs - lengthMs - jitterMs), toMs: String(endMs - jitterMs) };
}

const filter = (...conditions: readonly (readonly [field: string, operator: string, value: unknown])[]) => ({
  filter: JSON.stringify(conditions.map(([field, operator, value]) => ({ field, operator, value }))),
});

const oneOf = (random: Random, values: readonly string[]): string => values[random.int(0, values.length - 1)] ?? "";

const models = wordsOf("gpt-5 gpt-5-mini gpt-4o gpt-4o-mini claude-sonnet-4-5 claude-haiku-4-5");
const words = wordsOf(
  "invoice refund deadline warranty deadlock index passport migration compost radiator covenant telescope enzyme voucher",
);
const overview = "requests,errors,errorRate,totalTokens,costNanoUsd,latencyP50Ms,latencyP95Ms";

/** `metrics` and `lists` have the goal of 300 ms. */
export const queries: readonly Query[] = [
  {
    group: "metrics",
    title: "overview of a day",
    request: (random, facts) => ["/metrics", { metrics: overview, ...range(random, facts, 1) }],
  },
  {
    group: "metrics",
    title: "overview of a week",
    request: (random, facts) => ["/metrics", { metrics: overview, ...range(random, facts, 7) }],
  },
  {
    group: "metrics",
    title: "overview of a month",
    request: (random, facts) => ["/metrics", { metrics: overview, ...range(random, facts, 28) }],
  },
  {
    group: "metrics",
    title: "a week by model, compared with the week before",
    request: (random, facts) => [
      "/metrics",
      { metrics: "requests,costNanoUsd,latencyP95Ms", groupBy: "modelServed", compare: "previous", ...range(random, facts, 7) },
    ],
  },
  {
    group: "metrics",
    title: "a month by provider and status",
    request: (random, facts) => ["/metrics", { metrics: "requests,costNanoUsd", groupBy: "provider,status", ...range(random, facts, 28) }],
  },
  {
    group: "metrics",
    title: "a day by user (no rollup)",
    request: (random, facts) => ["/metrics", { metrics: "requests,costNanoUsd", groupBy: "userId", ...range(random, facts, 1) }],
  },
  {
    group: "metrics",
    title: "a month by tag of one application (no rollup)",
    request: (random, facts) => [
      "/metrics",
      {
        metrics: "requests,costNanoUsd",
        groupBy: "tags",
        ...filter(["metadata.app", "eq", oneOf(random, ["support", "coding", "research"])]),
        ...range(random, facts, 28),
      },
    ],
  },
  { group: "lists", title: "traces, first page", request: (random, facts) => ["/traces", { ...range(random, facts, 7) }] },
  { group: "lists", title: "traces, page 10", page: 10, request: (random, facts) => ["/traces", { ...range(random, facts, 7) }] },
  {
    group: "lists",
    title: "traces of a model",
    request: (random, facts) => ["/traces", { ...filter(["modelRequested", "eq", random.pick(models)]), ...range(random, facts, 7) }],
  },
  {
    group: "lists",
    title: "traces of a user, a month",
    request: (random, facts) => ["/traces", { ...filter(["userId", "eq", oneOf(random, facts.userIds)]), ...range(random, facts, 28) }],
  },
  {
    group: "lists",
    title: "traces with an error",
    request: (random, facts) => ["/traces", { ...filter(["status", "eq", "error"]), ...range(random, facts, 7) }],
  },
  {
    group: "lists",
    title: "traces of a tag",
    request: (random, facts) => [
      "/traces",
      { ...filter(["tags", "contains", oneOf(random, ["whatsapp", "terminal", "contracts"])]), ...range(random, facts, 7) },
    ],
  },
  {
    group: "lists",
    title: "traces by metadata",
    request: (random, facts) => [
      "/traces",
      { ...filter(["metadata.plan", "eq", "enterprise"], ["metadata.seats", "gt", random.int(5, 60)]), ...range(random, facts, 7) },
    ],
  },
  {
    group: "lists",
    title: "traces by words in their texts, a week",
    request: (random, facts) => ["/traces", { ...filter(["text", "contains", random.pick(words)]), ...range(random, facts, 7) }],
  },
  {
    group: "lists",
    title: "traces by cost, a day",
    request: (random, facts) => ["/traces", { sort: "costNanoUsd", ...range(random, facts, 1) }],
  },
  {
    group: "lists",
    title: "traces by cost, a week",
    request: (random, facts) => ["/traces", { sort: "costNanoUsd", ...range(random, facts, 7) }],
  },
  {
    group: "lists",
    title: "traces by duration, a week",
    request: (random, facts) => ["/traces", { sort: "duration", ...range(random, facts, 7) }],
  },
  { group: "lists", title: "spans, first page", request: (random, facts) => ["/spans", { ...range(random, facts, 7) }] },
  {
    group: "lists",
    title: "spans of slow calls by cost, a week",
    request: (random, facts) => [
      "/spans",
      { sort: "costNanoUsd", ...filter(["durationMs", "gt", random.int(5_000, 20_000)]), ...range(random, facts, 7) },
    ],
  },
  {
    group: "lists",
    title: "facets of six fields, a week",
    request: (random, facts) => ["/facets", { fields: "kind,status,provider,modelRequested,environment,tags", ...range(random, facts, 7) }],
  },
  { group: "lists", title: "sessions, a week", request: (random, facts) => ["/sessions", { ...range(random, facts, 7) }] },
  {
    group: "lists",
    title: "users by cost, a week",
    request: (random, facts) => ["/users", { sort: "costNanoUsd", ...range(random, facts, 7) }],
  },
  { group: "details", title: "a trace with its texts", request: (random, facts) => [`/traces/${oneOf(random, facts.traceIds)}`, {}] },
  {
    group: "details",
    title: "a session",
    request: (random, facts) => [
      `/sessions/${oneOf(random, facts.sessionIds)}`,
      { fromMs: String(facts.fromMs), toMs: String(facts.toMs) },
    ],
  },
  {
    group: "details",
    title: "a user, a month",
    request: (random, facts) => [`/users/${oneOf(random, facts.userIds)}`, { ...range(random, facts, 28) }],
  },
];
