import { formatBytes } from "../format/numbers.ts";
import type { LoadedPayload } from "./use-payload.ts";

const reasons = {
  none: "There was none.",
  "payloads-off": "Payloads are switched off for this project.",
  "too-large": "It was too large to be stored.",
  "store-unavailable": "The payload store could not be reached when it was recorded.",
  expired: "It was kept for as long as the project's retention says.",
} as const;

interface PayloadStandInProps {
  readonly what: "input" | "output";
  readonly payload: Exclude<LoadedPayload, { kind: "text" }>;
}

/** What is shown for a payload that is not here: why, or its beginning and a way to load it. */
export function PayloadStandIn({ what, payload }: PayloadStandInProps) {
  if (payload.kind === "omitted") {
    return (
      <p className="stand-in">
        No {what}. <span className="muted">{reasons[payload.reason]}</span>
      </p>
    );
  }
  return (
    <div className="stand-in">
      <pre className="message-text">{payload.preview}…</pre>
      <p className="stand-in-actions">
        <button type="button" className="button" disabled={payload.loading} onClick={payload.load}>
          {payload.loading ? "Loading…" : `Load the whole ${what} (${formatBytes(payload.bytes)})`}
        </button>
        {payload.failureText !== "" && (
          <span className="error-text" role="alert">
            {payload.failureText}
          </span>
        )}
      </p>
    </div>
  );
}
