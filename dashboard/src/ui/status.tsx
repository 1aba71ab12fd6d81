import type { SpanStatus } from "#core/contracts/span.ts";

/** A status as a dot and its word: colour is never the only sign. */
export function Status({ status }: { readonly status: SpanStatus }) {
  return (
    <span className={`status status-${status}`}>
      <span className="status-dot" aria-hidden="true" />
      {status}
    </span>
  );
}
