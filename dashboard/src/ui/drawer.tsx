import { useEffect, useRef, type ReactNode } from "react";
import { CloseIcon } from "./icons.tsx";
import "../forms/forms.css";

interface DrawerProps {
  readonly title: string;
  readonly wide?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A panel at the side over the page; Escape and the cross close it, a click beside it too. */
export function Drawer({ title, wide = false, onClose, children }: DrawerProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (element !== null && !element.open) element.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={wide ? "drawer drawer-wide" : "drawer"}
      aria-label={title}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === dialog.current) dialog.current?.close();
      }}
    >
      <div className="drawer-head">
        <h2>{title}</h2>
        <button type="button" className="icon-button" aria-label="Close" onClick={() => dialog.current?.close()}>
          <CloseIcon />
        </button>
      </div>
      <div className="drawer-body">{children}</div>
    </dialog>
  );
}
