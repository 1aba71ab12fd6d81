import { useState } from "react";

interface ConfirmButtonProps {
  readonly label: string;
  readonly question: string;
  readonly isDangerous?: boolean;
  readonly busy: boolean;
  readonly onConfirm: () => void;
}

/** A button that asks once more, in its own place. */
export function ConfirmButton({ label, question, isDangerous = false, busy, onConfirm }: ConfirmButtonProps) {
  const [asking, setAsking] = useState(false);
  const tone = isDangerous ? "button button-danger" : "button";
  if (!asking) {
    return (
      <button type="button" className={tone} disabled={busy} onClick={() => setAsking(true)}>
        {label}
      </button>
    );
  }
  return (
    <span className="confirm" role="alert">
      <span>{question}</span>
      <button
        type="button"
        className={tone}
        disabled={busy}
        onClick={() => {
          setAsking(false);
          onConfirm();
        }}
      >
        {label}
      </button>
      <button type="button" className="quiet-button" onClick={() => setAsking(false)}>
        Keep
      </button>
    </span>
  );
}
