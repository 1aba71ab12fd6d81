import { useEffect, useState } from "react";

interface CopyButtonProps {
  readonly text: string;
  /** What is copied, for the button's name: `Copy trace id`. */
  readonly what: string;
  readonly label?: string;
}

/** Copies text; says so for two seconds, and also where the browser refused. */
export function CopyButton({ text, what, label }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<"copied" | "refused" | null>(null);
  useEffect(() => {
    if (outcome === null) return undefined;
    const timer = window.setTimeout(() => setOutcome(null), 2_000);
    return () => window.clearTimeout(timer);
  }, [outcome]);

  // Outside https and localhost there is no clipboard at all.
  const copy = () =>
    void Promise.resolve(navigator.clipboard?.writeText(text) ?? Promise.reject(new Error("no clipboard"))).then(
      () => setOutcome("copied"),
      () => setOutcome("refused"),
    );
  const said = outcome === "copied" ? "Copied" : outcome === "refused" ? "Not allowed" : null;
  return (
    <button type="button" className="copy-button" aria-label={said ?? `Copy ${what}`} title={`Copy ${what}`} onClick={copy}>
      {said === null ? <CopyIcon /> : null}
      {said ?? label}
    </button>
  );
}

function CopyIcon() {
  return (
    <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="1.4">
      <rect x="5.5" y="5.5" width="8" height="8" rx="1.6" />
      <path d="M10.5 5.5V4a1.5 1.5 0 0 0-1.5-1.5H4A1.5 1.5 0 0 0 2.5 4v5A1.5 1.5 0 0 0 4 10.5h1.5" />
    </svg>
  );
}
