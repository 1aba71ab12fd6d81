import type { CallFailure } from "../api/client.ts";
import { failureTitle } from "./connection-banner.tsx";
import { Notice } from "./notice.tsx";

interface FailureNoticeProps {
  readonly failure: CallFailure | undefined;
  readonly onRetry: () => void;
}

/** Stands in place of what could not be read: what is the matter, and a way to try again. */
export function FailureNotice({ failure, onRetry }: FailureNoticeProps) {
  const mayNot = failure?.status === 403;
  return (
    <Notice
      title={failure === undefined ? "This could not be read" : mayNot ? "This key may not see this" : failureTitle(failure)}
      tone="error"
    >
      <p>{failure?.message ?? "The answer was interrupted."}</p>
      {!mayNot && (
        <button type="button" className="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </Notice>
  );
}
