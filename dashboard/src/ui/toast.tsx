import { createContext, use, useCallback, useState, type ReactNode } from "react";
import { CloseIcon } from "./icons.tsx";
import "./toast.css";

interface Toast {
  readonly id: number;
  readonly tone: "ok" | "error";
  readonly text: string;
}

const shownMs = 5_000;
const ToastContext = createContext<(tone: Toast["tone"], text: string) => void>(() => undefined);

/** Says in passing that something was done or failed; what needs an answer is no toast. */
export function useToast(): (tone: Toast["tone"], text: string) => void {
  return use(ToastContext);
}

export function Toasts({ children }: { readonly children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const close = useCallback((id: number) => setToasts((shown) => shown.filter((toast) => toast.id !== id)), []);
  const say = useCallback(
    (tone: Toast["tone"], text: string) => {
      const id = performance.now();
      setToasts((shown) => [...shown, { id, tone, text }]);
      window.setTimeout(() => close(id), shownMs);
    },
    [close],
  );
  return (
    <ToastContext value={say}>
      {children}
      <div className="toasts" role="status" aria-live="polite">
        {toasts.map((toast) => (
          <div key={toast.id} className={`toast toast-${toast.tone}`}>
            <span>{toast.text}</span>
            <button type="button" className="icon-button" aria-label="Dismiss" onClick={() => close(toast.id)}>
              <CloseIcon />
            </button>
          </div>
        ))}
      </div>
    </ToastContext>
  );
}
