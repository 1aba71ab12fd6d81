import { useState, type SyntheticEvent } from "react";
import { navigate, useSearch } from "../router.tsx";
import { pagePath } from "../routes.ts";
import { useProject } from "../shell/project-context.ts";
import { BookmarkIcon, CloseIcon } from "../ui/icons.tsx";
import { Popover } from "../ui/popover.tsx";
import { useToast } from "../ui/toast.tsx";
import { commonViews, lookOf, parseViews, withView, type SavedView } from "./saved-views.ts";

/** Ways to look at the list, kept in this browser under names; a link gives one to somebody else. */
export function ViewsMenu() {
  const { projectId } = useProject();
  const storageKey = `evalforge.views.${projectId}`;
  const look = lookOf(useSearch());
  const say = useToast();
  const [views, setViews] = useState(() => readStored(storageKey));
  const [name, setName] = useState("");
  const keep = (next: readonly SavedView[]) => {
    setViews(next);
    if (!store(storageKey, next)) say("error", "The browser keeps nothing: the view is gone when this page is loaded again.");
  };
  const save = (event: SyntheticEvent) => {
    event.preventDefault();
    if (name.trim() === "") return;
    keep(withView(views, name.trim(), look));
    setName("");
  };
  return (
    <Popover
      align="end"
      label="Views"
      button={
        <>
          <BookmarkIcon />
          <span>Views</span>
        </>
      }
    >
      {(close) => {
        const open = (view: SavedView) => {
          navigate(pagePath(projectId, "traces") + view.search);
          close();
        };
        return (
          <>
            <div className="menu-group">
              {commonViews.map((view) => (
                <ViewItem key={view.name} view={view} look={look} onOpen={() => open(view)} />
              ))}
            </div>
            {views.length > 0 && (
              <div className="menu-group">
                <h3>Yours</h3>
                {views.map((view) => (
                  <div key={view.name} className="view-row">
                    <ViewItem view={view} look={look} onOpen={() => open(view)} />
                    <button
                      type="button"
                      className="icon-button"
                      aria-label={`Forget the view ${view.name}`}
                      onClick={() => keep(views.filter((each) => each !== view))}
                    >
                      <CloseIcon />
                    </button>
                  </div>
                ))}
              </div>
            )}
            <form className="menu-group view-form" onSubmit={save}>
              <label className="field">
                <span>Save what is seen now as</span>
                <input value={name} maxLength={80} autoComplete="off" onChange={(event) => setName(event.target.value)} />
              </label>
              <button type="submit" className="button" disabled={name.trim() === ""}>
                Save the view
              </button>
            </form>
          </>
        );
      }}
    </Popover>
  );
}

function ViewItem({ view, look, onOpen }: { readonly view: SavedView; readonly look: string; readonly onOpen: () => void }) {
  return (
    <button type="button" className="menu-item" aria-current={lookOf(view.search) === look ? "true" : undefined} onClick={onOpen}>
      <span className="menu-main">{view.name}</span>
    </button>
  );
}

function readStored(key: string): readonly SavedView[] {
  try {
    return parseViews(window.localStorage.getItem(key));
  } catch {
    return [];
  }
}

/** Whether it could be. */
function store(key: string, views: readonly SavedView[]): boolean {
  try {
    window.localStorage.setItem(key, JSON.stringify(views));
    return true;
  } catch {
    return false;
  }
}
