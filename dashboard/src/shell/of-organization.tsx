import type { ReactNode } from "react";
import type { OrganizationId } from "#core/contracts/id.ts";
import { useApi } from "../api/queries.ts";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { useProject } from "./project-context.ts";

/** What belongs to the organization of the project that is shown. */
export function OfOrganization({ children }: { readonly children: (organizationId: OrganizationId) => ReactNode }) {
  const { projectId } = useProject();
  const { data, error, refetch } = useApi("getProject", { params: { projectId }, query: {} });
  if (error !== null && data === undefined) return <FailureNotice failure={error.failure} onRetry={() => void refetch()} />;
  return data === undefined ? null : children(data.organizationId);
}
