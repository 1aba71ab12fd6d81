import type { App } from "./app.ts";
import { coding } from "./coding.ts";
import { extractor } from "./extractor.ts";
import { indexer } from "./indexer.ts";
import { knowledge } from "./knowledge.ts";
import { research } from "./research.ts";
import { summaries } from "./summaries.ts";
import { support } from "./support.ts";

/** Every application of the project. Their shares of all spans come to 100. */
export const apps = { support, coding, knowledge, research, extractor, summaries, indexer } as const satisfies Record<string, App>;

export const appNames = [
  "support",
  "coding",
  "knowledge",
  "research",
  "extractor",
  "summaries",
  "indexer",
] as const satisfies readonly (keyof typeof apps)[];

export type AppName = (typeof appNames)[number];
