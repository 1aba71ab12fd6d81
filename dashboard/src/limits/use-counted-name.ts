import { useCallback, useMemo } from "react";
import { useApi } from "../api/queries.ts";
import { useProject } from "../shell/project-context.ts";
import { useProjects } from "../shell/use-projects.ts";

/** What organizations, projects, and keys of the project that is shown, are called; others by their ids. */
export function useCountedName(): (id: string) => string {
  const { projectId } = useProject();
  const { data: owners } = useProjects();
  const { data: keys } = useApi("listKeys", { params: { projectId }, query: { limit: 200 } });
  const names = useMemo(
    () =>
      new Map<string, string>([
        ...(owners ?? []).flatMap(({ organization, projects }) => [
          ...(organization === null ? [] : [[organization.organizationId, organization.name] satisfies [string, string]]),
          ...projects.map((each): [string, string] => [each.projectId, each.name]),
        ]),
        ...(keys?.keys ?? []).map(({ keyId, name }): [string, string] => [keyId, name]),
      ]),
    [owners, keys],
  );
  return useCallback((id: string) => names.get(id) ?? id, [names]);
}
