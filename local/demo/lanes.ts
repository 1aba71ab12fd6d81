import type { Region } from "#core/contracts/region.ts";
import type { AppName } from "./apps/apps.ts";
import type { TopicName } from "./language/topics.ts";
import { models, type Model } from "./models.ts";
import type { Bank } from "./random.ts";

/** A model, by what a call says of it. */
export type AskedModel = Pick<Model, "provider" | "name" | "api">;

/** What an application asks of the gateway in the moment in which the demo is made, one call after another. */
export interface Lane {
  readonly app: AppName;
  readonly topic: TopicName;
  readonly models: Bank<AskedModel>;
  readonly calls: number;
  /** Of what a call sends; four make a token at the simulated provider. */
  readonly characters: number;
  /** Each `streamEvery`th answer is streamed; 0: none. */
  readonly streamEvery: number;
  /** How many users ask, each in the region nearest to them; or where the job runs that asks. */
  readonly from: { readonly users: number } | { readonly job: Region };
}

/** Dearer than any of the month: what uses up a budget in few calls. */
const opus = { provider: "anthropic", name: "claude-opus-4-1", api: "messages" } as const satisfies AskedModel;

/** Sized with the budgets of `limits.ts`: some cents a call, and for the agents more than they may spend. */
export const lanes: readonly Lane[] = [
  { app: "support", topic: "orders", models: [models.gpt4o], calls: 18, characters: 16_000, streamEvery: 7, from: { users: 9 } },
  {
    app: "coding",
    topic: "coding",
    models: [models.sonnet, models.sonnet, models.haiku],
    calls: 22,
    characters: 36_000,
    streamEvery: 9,
    from: { users: 6 },
  },
  {
    app: "knowledge",
    topic: "people",
    models: [models.gpt4o, models.haiku],
    calls: 18,
    characters: 24_000,
    streamEvery: 0,
    from: { users: 7 },
  },
  { app: "research", topic: "science", models: [opus], calls: 30, characters: 24_000, streamEvery: 0, from: { job: "us-west" } },
  {
    app: "extractor",
    topic: "billing",
    models: [models.geminiFlash],
    calls: 8,
    characters: 6_000,
    streamEvery: 0,
    from: { job: "us-east" },
  },
  {
    app: "summaries",
    topic: "people",
    models: [models.mistralSmall],
    calls: 6,
    characters: 30_000,
    streamEvery: 0,
    from: { job: "eu-west" },
  },
  {
    app: "indexer",
    topic: "people",
    models: [models.embeddingSmall],
    calls: 4,
    characters: 4_000,
    streamEvery: 0,
    from: { job: "us-east" },
  },
];
