import { createContext, use } from "react";
import type { ProjectId } from "#core/contracts/id.ts";
import type { Session } from "../session.ts";

/** Whose data the page shows, and with which key it asks. */
export interface ProjectContextValue {
  readonly session: Session;
  readonly projectId: ProjectId;
  /** The key is no longer good: back to the sign-in, which says so. */
  readonly onUnauthorized: (message: string) => void;
}

export const ProjectContext = createContext<ProjectContextValue | null>(null);

export function useProject(): ProjectContextValue {
  const value = use(ProjectContext);
  if (value === null) throw new Error("outside of a project");
  return value;
}
