import type { ReactNode } from "react";
import { pageNames, pageTable, type PageName } from "../page-table.ts";
import { Link, useSearch } from "../router.tsx";
import { pagePath } from "../routes.ts";
import { applyTheme, themeNames, themes, useTheme } from "../theme.ts";
import { CloseIcon, PageIcon } from "../ui/icons.tsx";
import { useProject } from "./project-context.ts";
import { ProjectSwitcher } from "./project-switcher.tsx";

const sections = ["Observe", "Build", "Manage", "Operate"] as const;

interface SideNavigationProps {
  readonly page: PageName;
  /** On narrow screens it lies over the page, where it is open. */
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onSignOut: () => void;
}

export function SideNavigation({ page, open, onClose, onSignOut }: SideNavigationProps) {
  const { projectId } = useProject();
  const range = new URLSearchParams(useSearch()).get("range");
  const kept = range === null ? "" : `?range=${encodeURIComponent(range)}`;
  const current = pageTable[page].parent ?? page;
  return (
    <>
      {open && <div className="side-scrim" onClick={onClose} aria-hidden="true" />}
      <aside className={open ? "side side-open" : "side"} aria-label="Project and navigation">
        <div className="side-head">
          <Link className="brand" href={pagePath(projectId, "overview") + kept}>
            <img src="/favicon.svg" alt="" width="22" height="22" />
            EvalForge
          </Link>
          <button type="button" className="icon-button side-close" aria-label="Close navigation" onClick={onClose}>
            <CloseIcon />
          </button>
        </div>
        <ProjectSwitcher />
        <nav aria-label="Main" className="side-nav">
          {sections.map((section) => {
            const names = pageNames.filter((name) => pageTable[name].section === section);
            if (names.length === 0) return null;
            return (
              <Section key={section} title={section}>
                {names.map((name) => (
                  <li key={name}>
                    <Link
                      href={pagePath(projectId, name) + (pageTable[name].hasRange ? kept : "")}
                      aria-current={name === current ? "page" : undefined}
                    >
                      <PageIcon page={name} />
                      {pageTable[name].title}
                    </Link>
                  </li>
                ))}
              </Section>
            );
          })}
        </nav>
        <div className="side-foot">
          <ThemeChoice />
          <div className="side-links">
            <a href="/docs">API docs</a>
            <button type="button" className="quiet-button" onClick={onSignOut}>
              Sign out
            </button>
          </div>
        </div>
      </aside>
    </>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className="side-section">
      <h2>{title}</h2>
      <ul>{children}</ul>
    </div>
  );
}

function ThemeChoice() {
  const theme = useTheme();
  return (
    <fieldset className="segments segments-fill">
      <legend className="visually-hidden">Theme</legend>
      {themeNames.map((name) => (
        <label key={name}>
          <input type="radio" name="theme" checked={name === theme} onChange={() => applyTheme(name)} />
          <span>{themes[name]}</span>
        </label>
      ))}
    </fieldset>
  );
}
