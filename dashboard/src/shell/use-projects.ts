import { useQuery } from "@tanstack/react-query";
import type { Organization } from "#core/contracts/api/organizations.ts";
import type { ProjectAnswer } from "#core/contracts/api/projects.ts";
import { call } from "../api/client.ts";
import { ApiError } from "../api/queries.ts";
import { useProject } from "./project-context.ts";

export interface OrganizationProjects {
  /** `null`: the key reaches one project only, and knows no organizations. */
  readonly organization: Organization | null;
  readonly projects: readonly ProjectAnswer[];
}

const page = { limit: 200 };

/** Every project that the key reaches, by organization. */
export function useProjects() {
  const { session, projectId } = useProject();
  return useQuery<readonly OrganizationProjects[], ApiError>({
    queryKey: ["listProjects", session.adminKey.startsWith("ef_api_") ? projectId : ""],
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      const ask = async <Value>(result: { kind: "ok"; value: Value } | ApiError["failure"] | null): Promise<Value> => {
        if (result === null) throw new Error("aborted");
        if (result.kind !== "ok") throw new ApiError(result);
        return result.value;
      };
      if (session.adminKey.startsWith("ef_api_")) {
        const own = await ask(await call(session, "getProject", { params: { projectId }, query: {} }, signal));
        return [{ organization: null, projects: [own] }];
      }
      const { organizations } = await ask(await call(session, "listOrganizations", { params: {}, query: page }, signal));
      return await Promise.all(
        organizations.map(async (organization) => {
          const params = { organizationId: organization.organizationId };
          const { projects } = await ask(await call(session, "listProjects", { params, query: page }, signal));
          return { organization, projects };
        }),
      );
    },
  });
}

/** The project that is shown; `null` until it is known. */
export function useCurrentProject(): ProjectAnswer | null {
  const { projectId } = useProject();
  const { data } = useProjects();
  return data?.flatMap(({ projects }) => projects).find((project) => project.projectId === projectId) ?? null;
}
