import { navigate } from "../router.tsx";
import { pagePath } from "../routes.ts";
import { ChevronsIcon } from "../ui/icons.tsx";
import { Popover } from "../ui/popover.tsx";
import { useProject } from "./project-context.ts";
import { useCurrentProject, useProjects } from "./use-projects.ts";

/** Which project is shown, and the way to the others. */
export function ProjectSwitcher() {
  const { projectId } = useProject();
  const { data } = useProjects();
  const current = useCurrentProject();
  return (
    <Popover
      className="switcher"
      label={`${current?.name ?? "…"} ${current?.homeRegion ?? ""}: choose another project`}
      button={
        <>
          <span className="switcher-mark" data-letter={(current?.name ?? "·").slice(0, 1).toUpperCase()} />
          <span className="switcher-text">
            <span className="switcher-name">{current?.name ?? "…"}</span>{" "}
            <span className="switcher-region">{current?.homeRegion ?? ""}</span>
          </span>
          <ChevronsIcon />
        </>
      }
    >
      {(close) =>
        data?.map(({ organization, projects }) => (
          <div key={organization?.organizationId ?? ""} className="menu-group">
            {organization !== null && <h3>{organization.name}</h3>}
            <ul>
              {projects.map((project) => (
                <li key={project.projectId}>
                  <button
                    type="button"
                    className="menu-item"
                    aria-current={project.projectId === projectId ? "true" : undefined}
                    onClick={() => {
                      close();
                      navigate(pagePath(project.projectId, "overview"));
                    }}
                  >
                    <span className="menu-main">{project.name}</span>
                    <span className="faint">{project.homeRegion}</span>
                  </button>
                </li>
              ))}
              {projects.length === 0 && <li className="menu-empty">No projects</li>}
            </ul>
          </div>
        ))
      }
    </Popover>
  );
}
