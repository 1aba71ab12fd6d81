import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";
import { traceIdSchema } from "#core/contracts/id.ts";
import { pageNames, pageTable } from "../page-table.ts";
import { relativeNames, relativeRanges } from "../range/time-range.ts";
import { setRange } from "../range/use-range.ts";
import { navigate } from "../router.tsx";
import { pagePath } from "../routes.ts";
import { applyTheme, themeNames, themes } from "../theme.ts";
import { useProject } from "./project-context.ts";
import { useProjects } from "./use-projects.ts";

interface Command {
  readonly key: string;
  readonly group: string;
  readonly title: string;
  readonly run: () => void;
}

/** Everything that can be gone to or done, by a few letters of its name; a trace's id opens that trace. */
export function CommandPalette({ onClose }: { readonly onClose: () => void }) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const dialog = useRef<HTMLDialogElement>(null);
  const listId = useId();
  const commands = useCommands(text);
  const chosen = commands[Math.min(at, commands.length - 1)];
  useEffect(() => {
    const element = dialog.current;
    if (element !== null && !element.open) element.showModal();
  }, []);
  useEffect(() => {
    document.getElementById(`${listId}-${chosen?.key}`)?.scrollIntoView({ block: "nearest" });
  }, [chosen, listId]);

  const run = (command: Command) => {
    onClose();
    command.run();
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setAt((Math.min(at, commands.length - 1) + step + commands.length) % Math.max(1, commands.length));
    }
    if (event.key === "Enter" && chosen !== undefined) run(chosen);
  };
  return (
    <dialog
      ref={dialog}
      className="palette"
      aria-label="Search and commands"
      onClose={onClose}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <input
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={chosen === undefined ? undefined : `${listId}-${chosen.key}`}
        aria-label="Search pages, projects and commands, or paste a trace id"
        placeholder="Search pages, projects and commands, or paste a trace id"
        value={text}
        spellCheck={false}
        autoComplete="off"
        onKeyDown={onKey}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
      />
      <div role="listbox" id={listId} aria-label="Results" className="palette-list">
        {commands.map((command) => (
          <div
            key={command.key}
            id={`${listId}-${command.key}`}
            role="option"
            aria-selected={command === chosen}
            className="palette-option"
            onClick={() => run(command)}
          >
            <span>{command.title}</span>
            <span className="faint">{command.group}</span>
          </div>
        ))}
      </div>
      {commands.length === 0 && <p className="palette-empty">Nothing is called “{text}”.</p>}
    </dialog>
  );
}

function useCommands(text: string): readonly Command[] {
  const { projectId } = useProject();
  const { data } = useProjects();
  const traceId = traceIdSchema.safeParse(text.trim().toLowerCase());
  if (traceId.success) {
    const run = () => navigate(pagePath(projectId, "trace", traceId.data));
    return [{ key: "trace", group: "Trace", title: `Open ${traceId.data}`, run }];
  }
  const all: readonly Command[] = [
    ...pageNames
      .filter((name) => !pageTable[name].path.includes(":"))
      .map((name) => ({ key: name, group: "Page", title: pageTable[name].title, run: () => navigate(pagePath(projectId, name)) })),
    ...(data ?? []).flatMap(({ projects }) =>
      projects.map((project) => ({
        key: project.projectId,
        group: "Project",
        title: project.name,
        run: () => navigate(pagePath(project.projectId, "overview")),
      })),
    ),
    ...relativeNames.map((name) => ({
      key: `range-${name}`,
      group: "Time range",
      title: `Last ${relativeRanges[name].label}`,
      run: () => setRange({ kind: "relative", name }),
    })),
    ...themeNames.map((name) => ({
      key: `theme-${name}`,
      group: "Theme",
      title: `${themes[name]} theme`,
      run: () => applyTheme(name),
    })),
  ];
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return all.filter(({ title, group }) => words.every((word) => `${title} ${group}`.toLowerCase().includes(word)));
}
