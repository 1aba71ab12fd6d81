import { useState } from "react";
import * as z from "zod";
import { createOrganization, type Organization } from "#core/contracts/api/organizations.ts";
import { createProject, type ProjectAnswer } from "#core/contracts/api/projects.ts";
import { useApiChange } from "../api/queries.ts";
import { useNowMs } from "../api/use-poll.ts";
import { SchemaForm } from "../forms/schema-form.tsx";
import { Link, navigate } from "../router.tsx";
import { pagePath } from "../routes.ts";
import { useProject } from "../shell/project-context.ts";
import { useProjects } from "../shell/use-projects.ts";
import { DataTable, type Column } from "../ui/data-table.tsx";
import { Drawer } from "../ui/drawer.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { Instant } from "../ui/instant.tsx";
import { Panel } from "../ui/panel.tsx";

type Open = { readonly kind: "organization" } | { readonly kind: "project"; readonly organization: Organization } | null;

/** Organizations and their projects. */
export function ProjectsPage() {
  const { projectId } = useProject();
  const nowMs = useNowMs();
  const list = useProjects();
  const [open, setOpen] = useState<Open>(null);
  const columns: readonly Column<ProjectAnswer>[] = [
    {
      key: "name",
      title: "Project",
      renderCell: (project) => (
        <Link className="row-link" href={pagePath(project.projectId, "overview")}>
          {project.name} {project.projectId === projectId && <span className="badge">shown</span>}
        </Link>
      ),
    },
    { key: "region", title: "Home region", renderCell: ({ homeRegion }) => homeRegion },
    { key: "id", title: "Id", isLess: true, renderCell: (project) => <span className="mono faint">{project.projectId}</span> },
    { key: "made", title: "Made", align: "end", renderCell: ({ createdAtMs }) => <Instant atMs={createdAtMs} nowMs={nowMs} /> },
  ];
  if (list.error !== null && list.data === undefined)
    return <FailureNotice failure={list.error.failure} onRetry={() => void list.refetch()} />;
  const mayMake = list.data?.some(({ organization }) => organization !== null) === true;
  return (
    <div className="page">
      <div className="page-head">
        <h1>Projects</h1>
        {mayMake && (
          <div className="page-actions">
            <button type="button" className="button" onClick={() => setOpen({ kind: "organization" })}>
              Make an organization
            </button>
          </div>
        )}
      </div>
      <div className="stacked">
        {(list.data ?? []).map(({ organization, projects }) => (
          <Panel
            key={organization?.organizationId ?? ""}
            title={organization?.name ?? "This key’s project"}
            tools={
              organization !== null && (
                <button type="button" className="button" onClick={() => setOpen({ kind: "project", organization })}>
                  Make a project
                </button>
              )
            }
          >
            <DataTable
              label={`Projects of ${organization?.name ?? "this key"}`}
              columns={columns}
              rows={projects}
              keyOf={(project) => project.projectId}
              empty="No projects yet."
            />
          </Panel>
        ))}
      </div>
      {open?.kind === "organization" && <OrganizationDrawer onClose={() => setOpen(null)} />}
      {open?.kind === "project" && <ProjectDrawer organization={open.organization} onClose={() => setOpen(null)} />}
    </div>
  );
}

function OrganizationDrawer({ onClose }: { readonly onClose: () => void }) {
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const change = useApiChange("createOrganization", ["listProjects"]);
  return (
    <Drawer title="Make an organization" onClose={onClose}>
      <SchemaForm
        schema={createOrganization.body}
        submit="Make it"
        busy={change.isPending}
        failure={change.error?.failure ?? null}
        onSubmit={(body) => change.mutate({ params: {}, query: {}, body, idempotencyKey }, { onSuccess: onClose })}
      />
    </Drawer>
  );
}

const { name, homeRegion } = createProject.body.shape;
const projectFormSchema = z.strictObject({ name, homeRegion });

function ProjectDrawer({ organization, onClose }: { readonly organization: Organization; readonly onClose: () => void }) {
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const change = useApiChange("createProject", ["listProjects"]);
  return (
    <Drawer title={`Make a project of ${organization.name}`} onClose={onClose}>
      <SchemaForm
        schema={projectFormSchema}
        submit="Make it"
        busy={change.isPending}
        failure={change.error?.failure ?? null}
        onSubmit={(body) =>
          change.mutate(
            { params: { organizationId: organization.organizationId }, query: {}, body, idempotencyKey },
            { onSuccess: ({ projectId }) => navigate(pagePath(projectId, "start")) },
          )
        }
      />
    </Drawer>
  );
}
