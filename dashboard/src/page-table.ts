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
  design: { path: "design", title: "Design", section: null, hasRange: false, parent: null },
} as const satisfies Readonly<Record<string, Page>>;

export type PageName = keyof typeof pageTable;

export const pageNames = Object.keys(pageTable).filter((name): name is PageName => Object.hasOwn(pageTable, name));
