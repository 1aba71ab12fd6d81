import type { CallFailure } from "../api/client.ts";

interface ConnectionBannerProps {
  readonly failure: CallFailure;
  readonly retryAtMs: number | null;
  readonly nowMs: number;
  readonly onRetry: () => void;
}

/** Says that what is shown is old, why, and when it is tried again. */
export function ConnectionBanner({ failure, retryAtMs, nowMs, onRetry }: ConnectionBannerProps) {
  const seconds = retryAtMs === null ? 0 : Math.max(0, Math.ceil((retryAtMs - nowMs) / 1000));
  return (
    <div className="banner banner-error" role="alert">
      <span className="banner-text">
        <strong>{failureTitle(failure)}</strong> {failure.message}
      </span>
      <span className="banner-side" aria-live="off">
        {seconds > 0 && <span className="muted">Next try in {seconds} s</span>}
        <button type="button" className="button" onClick={onRetry}>
          Try now
        </button>
      </span>
    </div>
  );
}

export function failureTitle(failure: CallFailure): string {
  switch (failure.kind) {
    case "unauthorized":
      return "Not allowed.";
    case "not-found":
      return "Not found.";
    case "invalid":
    case "conflict":
      return failure.param === null ? "The request was refused." : `The request was refused: ${failure.param}.`;
    case "unavailable":
      return `No connection to ${failure.what}.`;
  }
}
