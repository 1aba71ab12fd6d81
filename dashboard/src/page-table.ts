interface Page {
  /** Below the project's address; `:id` stands for one segment. */
  readonly path: string;
  readonly title: string;
  /** Under which heading of the navigation it stands; `null`: it is reached from elsewhere. */
  readonly section: "Observe" | "Build" | "Manage" | "Operate" | null;
  /** Whether the time range of the address says what it shows. */
  readonly hasRange: boolean;
  /** The page above it, for the breadcrumbs; `null`: none. */
  readonly parent: string | null;
}

/** Every page of a project, in the order of the navigation. */
export const pageTable = {
  overview: { path: "", title: "Overview", section: "Observe", hasRange: true, parent: null },
  traces: { path: "traces", title: "Traces", section: "Observe", hasRange: true, parent: null },
  trace: { path: "traces/:id", title: "Trace", section: null, hasRange: false, parent: "traces" },
  sessions: { path: "sessions", title: "Sessions", section: "Observe", hasRange: true, parent: null },
  session: { path: "sessions/:id", title: "Session", section: null, hasRange: false, parent: "sessions" },
  users: { path: "users", title: "Users", section: "Observe", hasRange: true, parent: null },
  user: { path: "users/:id", title: "User", section: null, hasRange: false, parent: "users" },
  models: { path: "models", title: "Models", section: "Observe", hasRange: true, parent: null },
  start: { path: "start", title: "Getting started", section: "Build", hasRange: false, parent: null },
  playground: { path: "playground", title: "Playground", section: "Build", hasRange: false, parent: null },
  keys: { path: "keys", title: "Keys", section: "Manage", hasRange: true, parent: null },
  budgets: { path: "budgets", title: "Budgets", section: "Manage", hasRange: false, parent: null },
  rateLimits: { path: "rate-limits", title: "Rate limits", section: "Manage", hasRange: false, parent: null },
  providers: { path: "providers", title: "Providers", section: "Manage", hasRange: false, parent: null },
  projects: { path: "projects", title: "Projects", section: "Manage", hasRange: false, parent: null },
  policy: { path: "policy", title: "Policy", section: "Manage", hasRange: false, parent: null },
  ingestion: { path: "ingestion", title: "Ingestion", section: "Operate", hasRange: false, parent: null },
  deadLetters: { path: "dead-letters", title: "Dead letters", section: "Operate", hasRange: false, parent: null },
  design: { path: "design", title: "Design", section: null, hasRange: false, parent: null },
} as const satisfies Readonly<Record<string, Page>>;

export type PageName = keyof typeof pageTable;

export const pageNames = Object.keys(pageTable).filter((name): name is PageName => Object.hasOwn(pageTable, name));
