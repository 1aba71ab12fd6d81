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
  design: lazy(async () => ({ default: (await import("./design/design-page.tsx")).DesignPage })),
};
