import type { MetricUnit } from "../format/metric.ts";

interface Figure {
  readonly title: string;
  readonly unit: MetricUnit;
  readonly betterIs: "lower" | "higher" | "neither";
  /** Figures that add up over groups stand on one another; all others are lines. */
  readonly kind: "bars" | "lines";
  readonly color: string;
  readonly hint: string;
}

/** The figures of the overview: each is a metric of the API under its name. */
export const figures = {
  requests: {
    title: "Requests",
    unit: "count",
    betterIs: "neither",
    kind: "bars",
    color: "var(--series-1)",
    hint: "Calls of models: generations and embeddings",
  },
  costNanoUsd: {
    title: "Cost",
    unit: "nanoUsd",
    betterIs: "lower",
    kind: "bars",
    color: "var(--series-2)",
    hint: "Of all calls whose price is known",
  },
  errorRate: {
    title: "Error rate",
    unit: "ratio",
    betterIs: "lower",
    kind: "lines",
    color: "var(--error)",
    hint: "Share of the requests that failed",
  },
  totalTokens: {
    title: "Tokens",
    unit: "tokens",
    betterIs: "neither",
    kind: "bars",
    color: "var(--series-5)",
    hint: "In and out, all kinds",
  },
  latencyP50Ms: {
    title: "Latency P50",
    unit: "ms",
    betterIs: "lower",
    kind: "lines",
    color: "var(--series-7)",
    hint: "Half of the requests took no longer",
  },
  latencyP95Ms: {
    title: "Latency P95",
    unit: "ms",
    betterIs: "lower",
    kind: "lines",
    color: "var(--series-4)",
    hint: "95 of 100 requests took no longer",
  },
  ttftP50Ms: {
    title: "First token P50",
    unit: "ms",
    betterIs: "lower",
    kind: "lines",
    color: "var(--series-3)",
    hint: "Time to the first token of streamed answers",
  },
  cacheReadShare: {
    title: "Cached input",
    unit: "ratio",
    betterIs: "higher",
    kind: "lines",
    color: "var(--series-6)",
    hint: "Share of the input tokens read from the provider’s cache",
  },
} as const satisfies Readonly<Record<string, Figure>>;

export type FigureName = keyof typeof figures;
export const figureNames = Object.keys(figures).filter((name): name is FigureName => Object.hasOwn(figures, name));

/** What figures are divided by: fields of the API under their names. */
export const dimensions = {
  modelRequested: "Model",
  provider: "Provider",
  servingRegion: "Region",
  keyId: "Key",
  userId: "User",
  tags: "Tag",
  environment: "Environment",
  errorCode: "Error",
} as const;
export type Dimension = keyof typeof dimensions;
export const dimensionNames = Object.keys(dimensions).filter((name): name is Dimension => Object.hasOwn(dimensions, name));

export function isFigure(text: string | null): text is FigureName {
  return text !== null && Object.hasOwn(figures, text);
}

export function isDimension(text: string | null): text is Dimension {
  return text !== null && Object.hasOwn(dimensions, text);
}
