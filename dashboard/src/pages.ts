import { lazy, type ComponentType } from "react";
import type { PageName } from "./page-table.ts";

/** What every page is given: the thing that its address names, where it names one; else empty. */
export interface PageProps {
  readonly id: string;
}

/** What each page shows, in a file that is fetched when it is first opened. */
export const pages: Readonly<Record<PageName, ComponentType<PageProps>>> = {
  overview: lazy(async () => ({ default: (await import("./overview/overview-page.tsx")).OverviewPage })),
  traces: lazy(async () => ({ default: (await import("./trace-list/trace-list-page.tsx")).TraceListPage })),
  trace: lazy(async () => ({ default: (await import("./trace/trace-page.tsx")).TracePage })),
  sessions: lazy(async () => ({ default: (await import("./actors/sessions-page.tsx")).SessionsPage })),
  session: lazy(async () => ({ default: (await import("./actors/session-page.tsx")).SessionPage })),
  users: lazy(async () => ({ default: (await import("./actors/users-page.tsx")).UsersPage })),
  user: lazy(async () => ({ default: (await import("./actors/user-page.tsx")).UserPage })),
  models: lazy(async () => ({ default: (await import("./models/models-page.tsx")).ModelsPage })),
  start: lazy(async () => ({ default: (await import("./start/start-page.tsx")).StartPage })),
  playground: lazy(async () => ({ default: (await import("./playground/playground-page.tsx")).PlaygroundPage })),
  keys: lazy(async () => ({ default: (await import("./keys/keys-page.tsx")).KeysPage })),
  budgets: lazy(async () => ({ default: (await import("./budgets/budgets-page.tsx")).BudgetsPage })),
  rateLimits: lazy(async () => ({ default: (await import("./rate-limits/rate-limits-page.tsx")).RateLimitsPage })),
  providers: lazy(async () => ({ default: (await import("./providers/providers-page.tsx")).ProvidersPage })),
  projects: lazy(async () => ({ default: (await import("./projects/projects-page.tsx")).ProjectsPage })),
  policy: lazy(async () => ({ default: (await import("./policy/policy-page.tsx")).PolicyPage })),
  ingestion: lazy(async () => ({ default: (await import("./operations/ingestion-page.tsx")).IngestionPage })),
  deadLetters: lazy(async () => ({ default: (await import("./operations/dead-letters-page.tsx")).DeadLettersPage })),
  design: lazy(async () => ({ default: (await import("./design/design-page.tsx")).DesignPage })),
};
