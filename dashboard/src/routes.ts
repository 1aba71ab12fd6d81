import { projectIdSchema, traceIdSchema, type ProjectId, type TraceId } from "#core/contracts/id.ts";
import { pageNames, pageTable, type PageName } from "./page-table.ts";

/** What a path names. `home`: the project of the session; `old-trace`: a trace of it, as links without a project say it. */
export type Route =
  | { readonly kind: "home" }
  | { readonly kind: "old-trace"; readonly traceId: TraceId }
  | { readonly kind: "page"; readonly page: PageName; readonly projectId: ProjectId; readonly id: string }
  | { readonly kind: "not-found" };

/** Path → route; what is no project or trace id is a page that does not exist. */
export function parseRoute(path: string): Route {
  const segments = path.split("/").filter((segment) => segment !== "");
  if (segments.length === 0) return { kind: "home" };
  const [first, second = "", ...rest] = segments;
  if (first === "traces" && rest.length === 0) {
    const traceId = traceIdSchema.safeParse(second.toLowerCase());
    return traceId.success ? { kind: "old-trace", traceId: traceId.data } : { kind: "not-found" };
  }
  const projectId = projectIdSchema.safeParse(second.toLowerCase());
  if (first !== "projects" || !projectId.success) return { kind: "not-found" };
  for (const page of pageNames) {
    const id = matchPath(pageTable[page].path, rest);
    if (id !== null) return { kind: "page", page, projectId: projectId.data, id };
  }
  return { kind: "not-found" };
}

/** What `:id` stands for, empty without one; `null`: the path is another's. */
function matchPath(pattern: string, segments: readonly string[]): string | null {
  const parts = pattern === "" ? [] : pattern.split("/");
  if (parts.length !== segments.length) return null;
  let id = "";
  for (const [at, part] of parts.entries()) {
    const segment = decoded(segments[at] ?? "");
    if (part === ":id") id = segment;
    else if (part !== segment) return null;
  }
  return id;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Where a page of a project is. */
export function pagePath(projectId: ProjectId, page: PageName, id = ""): string {
  const path = pageTable[page].path.replace(":id", encodeURIComponent(id));
  return `/projects/${projectId}${path === "" ? "" : `/${path}`}`;
}
