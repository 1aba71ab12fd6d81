import { useEffect, useRef } from "react";
import { isTyping } from "./use-row-keys.ts";

const shortcuts = [
  ["j / k", "Next and former trace"],
  ["Enter", "Open the trace"],
  ["/", "Search words"],
  ["⌘K or Ctrl K", "Go to a page, a project, a trace"],
  ["Arrows on a chart", "Read its values; with Shift choose a part, Enter shows it"],
  ["?", "This list"],
] as const;

/** The keys of the page, shown by `?`. */
export function Shortcuts() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "?" && !isTyping(event)) dialog.current?.showModal();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="shortcuts-title">
      <h2 id="shortcuts-title">Keyboard</h2>
      <dl className="shortcuts">
        {shortcuts.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <button type="button" className="button" onClick={() => dialog.current?.close()}>
        Close
      </button>
    </dialog>
  );
}
