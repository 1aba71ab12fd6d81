import { useEffect, useId, useRef, useState, type ReactNode } from "react";
import "./popover.css";

interface PopoverProps {
  readonly label: string;
  readonly button: ReactNode;
  readonly className?: string;
  readonly align?: "start" | "end";
  readonly children: (close: () => void) => ReactNode;
}

/** A button that opens a panel under it. Escape and a click elsewhere close it; Escape gives the focus back. */
export function Popover({ label, button, className = "", align = "start", children }: PopoverProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const panelId = useId();
  useEffect(() => {
    if (!open) return undefined;
    const onPointer = (event: PointerEvent) => {
      if (event.target instanceof Node && root.current?.contains(event.target) === false) setOpen(false);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      setOpen(false);
      opener.current?.focus();
    };
    const panel = document.getElementById(panelId);
    panel?.querySelector<HTMLElement>("input, [aria-current='true'], button")?.focus();
    document.addEventListener("pointerdown", onPointer);
    document.addEventListener("keydown", onKey, true);
    return () => {
      document.removeEventListener("pointerdown", onPointer);
      document.removeEventListener("keydown", onKey, true);
    };
  }, [open, panelId]);
  return (
    <div ref={root} className={`popover ${className}`}>
      <button
        ref={opener}
        type="button"
        className="popover-button"
        aria-label={label}
        aria-expanded={open}
        aria-controls={open ? panelId : undefined}
        onClick={() => setOpen(!open)}
      >
        {button}
      </button>
      {open && (
        <div id={panelId} className={`popover-panel popover-${align}`} role="group" aria-label={label}>
          {children(() => setOpen(false))}
        </div>
      )}
    </div>
  );
}
